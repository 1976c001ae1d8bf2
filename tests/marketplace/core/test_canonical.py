"""One form only: the same data gives the same bytes as everywhere else (RFC 8785)."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.canonical import canonical

# RFC 8785, appendix B.
NUMBERS = {
    "0000000000000000": "0", "8000000000000000": "0", "0000000000000001": "5e-324", "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308", "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992", "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22", "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000", "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21", "3eb0c6f7a0b5ed8c": "9.999999999999997e-7", "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332", "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333", "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}  # fmt: skip
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_numbers_are_written_as_ecmascript_does(bits: str, written: str) -> None:
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]) == written.encode()


def test_names_are_sorted_by_their_utf16() -> None:
    # RFC 8785, 3.2.3.
    given = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert [*json.loads(canonical(given)).values()] == [2, 4, 6, 7, 1, 5, 3]


def test_there_is_no_space_and_no_needless_escape() -> None:
    written = '{"a":"é/\\"\\\\\\n\\u001f","b":[1,true,null]}'
    assert canonical({"b": [1, True, None], "a": 'é/"\\\n\x1f'}) == written.encode()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**53 + 1])
def test_what_no_double_holds_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="cannot be written exactly"):
        canonical([number])


@given(plain)
def test_it_reads_back_as_it_was(data: object) -> None:
    assert json.loads(canonical(data)) == data
    assert canonical(json.loads(canonical(data))) == canonical(data)
