"""Who is paid, and by what: accounts at the provider that are opened early, late or never; kept cards."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from marketplace.accounts.models import User
from payments import services
from payments.models import PayoutAccount
from tests.commerce.buying import Buying
from tests.commerce.world import people, picks
from tests.payments.payees import fill_in, link_for

GOOD = "DE89370400440532013000"
BANKS = (GOOD, GOOD, "DE89370400440532013001", "DE89370400440532013003")  # the last two take nothing
CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_authenticationRequired", "pm_card_chargeCustomerFail")


class People(Buying):
    """What people do that is neither selling nor buying."""

    @initialize(payees=st.sets(people, max_size=3), cards=st.sets(people, max_size=3))
    def some_are_prepared(self, payees: set[int], cards: set[int]) -> None:
        for who in sorted(payees):
            self.somebody_wants_to_be_paid(who, GOOD)
        for who in sorted(cards):
            self.somebody_keeps_a_card(who, CARDS[0])

    @rule(who=people, bank=st.sampled_from(BANKS))
    def somebody_wants_to_be_paid(self, who: int, bank: str) -> None:
        link = self.do("onboardings", link_for, self.people[who])
        if link is not None:
            fill_in(link, account_number=bank)

    @precondition(lambda self: PayoutAccount.objects.filter(details_submitted=True).exists())
    @rule(who=people, can=st.booleans())
    def the_provider_changes_its_mind(self, who: int, can: bool) -> None:
        account = PayoutAccount.objects.filter(user=self.people[who], stripe_id__isnull=False).first()
        if account is not None:
            path = f"/v1/accounts/{account.stripe_id}/capabilities/transfers"
            self.provider.http.post(path, data={"requested": str(can).lower()}).raise_for_status()
            self.counts["capabilities"] += 1

    @rule(who=people, card=st.sampled_from(CARDS))
    def somebody_keeps_a_card(self, who: int, card: str) -> None:
        self.keep_a_card(self.people[who], card)

    @precondition(lambda self: PayoutAccount.objects.filter(details_submitted=True).exists())
    @rule(which=picks)
    def a_payee_mends_their_bank(self, which: int) -> None:
        account = self.one_of(PayoutAccount.objects.filter(details_submitted=True), which)
        if account is not None:
            self.give_good_bank(account)

    def give_good_bank(self, account: PayoutAccount) -> None:
        """Another account to pay out to, as in the provider's dashboard."""
        bank = {"object": "bank_account", "country": "DE", "currency": "eur", "account_number": GOOD}
        data = {f"external_account[{name}]": value for name, value in bank.items()} | {"default_for_currency": "true"}
        self.provider.http.post(f"/v1/accounts/{account.stripe_id}/external_accounts", data=data)

    def pay_everybody_late(self, payees: list[User]) -> None:
        """Who earned something tells the provider who they are after all, with a bank that takes it."""
        for person in payees:
            account = PayoutAccount.objects.filter(user=person).first()
            if account is None or not account.details_submitted:
                fill_in(link_for(person), account_number=GOOD)
            account = services.refresh_payout_account(account_id=PayoutAccount.objects.get(user=person).pk)
            path = f"/v1/accounts/{account.stripe_id}/capabilities/transfers"
            self.provider.http.post(path, data={"requested": "true"}).raise_for_status()
            self.give_good_bank(account)
