from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.warranty import (
    Cover,
    ProductFacts,
    Replacements,
    ServiceContract,
    WarrantyTerms,
    last_day,
    model_key,
    serial_key,
    warranty_of,
)

YEAR = WarrantyTerms(months=12)
_DAYS = st.dates(date(1950, 1, 1), date(2200, 1, 1))


def _product(**known: object) -> ProductFacts:
    return ProductFacts.model_validate({"serial_number": "SN-1", "customer": "K-1", "verified": True, **known})


def _contract(**known: object) -> ServiceContract:
    usual = {"number": "SC-7", "customer": "K-1", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "signed": True}
    return ServiceContract.model_validate({**usual, **known})


def test_the_last_day_is_in_and_the_next_one_out() -> None:
    product = _product(delivery_date="2025-03-10")
    assert warranty_of(YEAR, product, date(2026, 3, 10)).cover is Cover.IN
    after = warranty_of(YEAR, product, date(2026, 3, 11))
    assert (after.cover, after.until) == (Cover.OUT, date(2026, 3, 10))
    assert after.why == "the warranty ended on 2026-03-10: 12 months from the delivery on 2025-03-10"


def test_the_delivery_counts_and_else_the_purchase() -> None:
    both = warranty_of(YEAR, _product(purchase_date="2025-01-01", delivery_date="2025-02-01"), date(2026, 1, 20))
    assert (both.cover, both.until) == (Cover.IN, date(2026, 2, 1))
    bought = warranty_of(YEAR, _product(purchase_date="2025-01-01"), date(2026, 1, 20))
    assert (bought.cover, bought.until) == (Cover.OUT, date(2026, 1, 1))
    assert "the delivery is not known" in bought.rule


def test_without_a_date_nobody_knows_and_it_is_said_why() -> None:
    status = warranty_of(YEAR, _product(), date(2026, 1, 1))
    assert (status.cover, status.until) == (Cover.UNKNOWN, None)
    assert status.why == "neither the delivery nor the purchase of this product has a date on record"


def test_without_terms_nobody_knows() -> None:
    assert warranty_of(None, _product(delivery_date="2025-01-01"), date(2025, 2, 1)).cover is Cover.UNKNOWN


def test_terms_of_no_months_promise_nothing() -> None:
    terms = WarrantyTerms(months=0)
    assert warranty_of(terms, _product(delivery_date="2025-01-01"), date(2025, 1, 1)).cover is Cover.OUT


def test_a_delivery_before_the_purchase_counts_and_is_to_be_checked() -> None:
    status = warranty_of(YEAR, _product(purchase_date="2025-06-01", delivery_date="2025-05-01"), date(2025, 7, 1))
    assert status.until == date(2026, 5, 1)
    assert status.notes == (
        "delivered on 2025-05-01, before its purchase on 2025-06-01: the delivery counts, check both dates",
    )


def test_a_warranty_that_has_not_begun_is_not_known() -> None:
    status = warranty_of(YEAR, _product(delivery_date="2026-05-01"), date(2026, 4, 30))
    assert status.cover is Cover.UNKNOWN
    assert "begins with the delivery on 2026-05-01" in status.why


def test_dates_that_nobody_checked_are_named_as_such() -> None:
    status = warranty_of(YEAR, _product(delivery_date="2026-01-01", verified=False), date(2026, 2, 1))
    assert "was not checked yet" in status.why


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2199-12-31", 600, "2249-12-31"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(start: str, months: int, end: str) -> None:
    assert last_day(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(start=_DAYS, months=st.integers(1, 600))
def test_more_months_never_end_earlier_and_stay_in_their_month(start: date, months: int) -> None:
    end = last_day(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert last_day(start, months - 1) < end
    assert last_day(start + timedelta(days=1), months) >= end


@given(delivered=st.none() | _DAYS, bought=st.none() | _DAYS, on=_DAYS, months=st.integers(1, 600))
def test_whatever_the_dates_the_status_agrees_with_its_last_day(
    delivered: date | None, bought: date | None, on: date, months: int
) -> None:
    status = warranty_of(WarrantyTerms(months=months), _product(delivery_date=delivered, purchase_date=bought), on)
    if status.cover is Cover.IN:
        assert status.until is not None
        assert on <= status.until
    elif status.cover is Cover.OUT:
        assert status.until is not None
        assert on > status.until
    else:
        begins = delivered or bought
        assert begins is None or on < begins
    assert status.why
    assert status.rule


def test_a_replacement_keeps_the_rest_of_the_first_ones_warranty() -> None:
    first = _product(serial_number="SN-0", delivery_date="2025-01-01")
    second = _product(delivery_date="2025-09-01", replaces=first)
    third = _product(serial_number="SN-2", delivery_date="2025-11-01", replaces=second)
    for product in (second, third):
        status = warranty_of(YEAR, product, date(2026, 1, 2))
        assert (status.cover, status.until) == (Cover.OUT, date(2026, 1, 1))
        assert "of SN-0, which this product replaces," in status.why


def test_a_replacement_can_begin_anew_where_the_terms_say_so() -> None:
    terms = WarrantyTerms(months=12, replacements=Replacements.START_ANEW)
    second = _product(delivery_date="2025-09-01", replaces=_product(serial_number="SN-0", delivery_date="2025-01-01"))
    status = warranty_of(terms, second, date(2026, 1, 2))
    assert (status.cover, status.until) == (Cover.IN, date(2026, 9, 1))


def test_beyond_the_warranty_a_signed_contract_covers() -> None:
    product = _product(delivery_date="2020-01-01")
    status = warranty_of(YEAR, product, date(2026, 6, 1), [_contract()])
    assert (status.cover, status.until, status.contract) == (Cover.CONTRACT, date(2026, 12, 31), "SC-7")
    assert "the warranty ended on 2021-01-01" in status.why


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"signed": False}, "its signed paper is not on file"),
        ({"valid_to": "2026-05-31"}, "ended on 2026-05-31"),
        ({"valid_from": "2026-06-02"}, "begins on 2026-06-02"),
    ],
)
def test_a_contract_that_is_not_in_force_covers_nothing_and_is_mentioned(changes: dict[str, object], note: str) -> None:
    product = _product(delivery_date="2020-01-01")
    status = warranty_of(YEAR, product, date(2026, 6, 1), [_contract(**changes)])
    assert status.cover is Cover.OUT
    assert note in status.notes[0]


def test_within_the_warranty_the_contract_is_not_needed() -> None:
    status = warranty_of(YEAR, _product(delivery_date="2026-01-01"), date(2026, 6, 1), [_contract()])
    assert (status.cover, status.contract) == (Cover.IN, None)


def test_a_contract_covers_a_product_of_unknown_dates() -> None:
    assert warranty_of(YEAR, _product(), date(2026, 6, 1), [_contract()]).cover is Cover.CONTRACT


def test_a_contract_for_named_serial_numbers_covers_no_other_and_one_for_all_no_other_customer() -> None:
    day = date(2026, 6, 1)
    named = _contract(serial_numbers=("sn-1",))
    assert warranty_of(YEAR, _product(), day, [named]).cover is Cover.CONTRACT
    assert warranty_of(YEAR, _product(serial_number="SN-2"), day, [named]).cover is Cover.UNKNOWN
    assert warranty_of(YEAR, _product(customer="K-2"), day, [_contract()]).cover is Cover.UNKNOWN
    assert warranty_of(YEAR, _product(customer=None), day, [_contract()]).cover is Cover.UNKNOWN


def test_of_several_contracts_the_one_that_lasts_longest_counts() -> None:
    longer = _contract(number="SC-8", valid_to="2027-06-30")
    status = warranty_of(YEAR, _product(), date(2026, 6, 1), [longer, _contract()])
    assert status.contract == "SC-8"


def test_serial_numbers_are_the_same_whatever_width_case_or_blanks() -> None:
    assert serial_key(" ＳＮ-1 00\u200b1") == serial_key("sn-1001") == "sn-1001"
    assert serial_key("SN1001") != serial_key("SN-1001")
    assert model_key(" AX  200 ") == model_key("ax 200")
