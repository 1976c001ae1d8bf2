"""Every address of the house, asked by everybody: anonymous, those concerned, strangers, another artist, the house.

    addresses.py   what the resolver knows, and the methods each address takes
    world.py       the people, and one thing of each kind that an address names (making, trading, finding, curating)
    bodies.py      what is sent along, so that no answer is "invalid" where it should be "not yours"
    calls.py       one call in a savepoint that is rolled back
    table.py       answers.txt: what everybody is answered; `python -m tests.walk.draw` draws it
    scoping.py     scopes.txt: which scope of a token opens what; drawn with it
    fuzzing.py     Schemathesis over the OpenAPI document: what is sent, and what is looked for (`make schemathesis`)

Left out: /admin/ (its own tests), allauth's pages and headless API (theirs), static files.
"""
