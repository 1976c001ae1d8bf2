"""By which addresses the people of the demo are known; `make_demo_accounts` makes them."""

COLLECTOR = "collector@demo.test"
ARTIST = "artist@demo.test"
INK_PAINTER = "ink@demo.test"
CURATOR = "curator@demo.test"
PEOPLE = (COLLECTOR, ARTIST, INK_PAINTER, CURATOR)
