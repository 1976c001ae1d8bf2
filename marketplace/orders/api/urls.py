from django.urls import path

from marketplace.orders.api import views

urlpatterns = [path("collection/", views.CollectionView.as_view(), name="api-collection")]
