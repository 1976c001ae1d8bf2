"""The whole of commerce as one state machine: whatever people, banks, the network and dying processes do in any order.

fate         processes that die at a statement of their own choosing
hours        time that passes for the house and the provider alike, and worlds that are forgotten
world        a small town of people, and how everything that happens is done, counted and told
people       who is paid: onboarding early, late and never; cards
selling      sales, drops, auctions; resales, gifts, offers
buying       reservations, payments, bids
briefs       commissions by brief, in instalments, with a lent style
money        refunds, disputes, time, the house's own payouts
faults       lost answers, 500s, dying processes, events late, twice, in no order, or never
invariants   what is true after every step
reckoning    what is true when everything has settled
"""
