"""Made-up figures of the sample portal that satisfy the sums of the forms.

Sums (sources/forms#sums): per applicant new + carried in = processed + carried out (A1), processed = its rows (A2),
each row adds up (A3), reviews and suits add up (A4), a year carries in what the last one carried out (A5), and
documents in force follow from those issued and repealed (A6); in the form of 2014 the seven sums of its labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

Figures = dict[str, int | float]
"""Value by code; the codes are those of the statistics table (form f2014, f2019 or f2021)."""

APPLICANTS = ("natural_person", "org_business", "org_research", "org_public_interest", "org_legal_service", "org_other")
_SHARES = (1.0, 0.09, 0.0, 0.01, 0.03, 0.02)

OUTCOMES = (
    "granted",
    "partial",
    "denied_state_secret",
    "denied_law_forbidden",
    "denied_security_stability",
    "denied_third_party",
    "denied_internal",
    "denied_process",
    "denied_enforcement_file",
    "denied_admin_query",
    "unable_not_held",
    "unable_need_create",
    "unable_unclear",
    "refused_petition",
    "refused_repeat",
    "refused_publication",
    "refused_abusive",
    "refused_confirm",
)
_OUTCOME_WEIGHTS = (30, 9, 0, 1, 0, 3, 3, 3, 4, 5, 22, 4, 3, 5, 3, 0, 1, 1)
OTHER_ROWS = {"f2019": ("other",), "f2021": ("other_no_correction", "other_fee_unpaid", "other_other")}

REVIEW_GROUPS = ("review", "suit_direct", "suit_after_review")
REVIEW_RESULTS = ("upheld", "corrected", "other", "pending")


def _spread(rng: Random, total: int, names: Iterable[str], weights: Iterable[int]) -> Figures:
    """Share `total` cases out over `names`."""
    found: Figures = dict.fromkeys(names, 0)
    if total:
        for name in rng.choices(list(found), list(weights), k=total):
            found[name] += 1
    return found


def narrative(rng: Random, scale: int) -> Figures:
    """What a report on 2014 to 2018 states in its text, by the codes of f2014."""
    received = rng.choice((0, rng.randint(3, 12), scale))
    web = rng.randint(600, 5200)
    weibo, wechat = rng.randint(80, 900), rng.randint(120, 1400)
    fax_free = ("req_received_in_person", "req_received_online", "req_received_letter")
    figures: Figures = {
        "disc_total": web + weibo + wechat,
        "disc_via_website": web,
        "disc_via_weibo": weibo,
        "disc_via_wechat": wechat,
        "req_received": received,
        "fee_collected_wan": 0,
    }
    if received:
        figures |= _spread(rng, received, fax_free, (3, 5, 4))
        figures["req_answered"] = received
    figures |= dict.fromkeys(("review_total", "suit_total"), 0)
    if received and rng.random() < 0.6:
        figures |= {"review_total": rng.randint(1, 6), "suit_total": rng.randint(0, 3)}
    return figures


def f2014(rng: Random, stated: Figures) -> Figures:
    """The annex of 2014 to 2018 around the figures that the text states."""
    received = int(stated["req_received"])
    parts = ("in_person", "fax", "online", "letter")
    figures: Figures = {f"req_received_{name}": stated.get(f"req_received_{name}", 0) for name in parts}
    figures |= stated
    docs = rng.randint(4, 60)
    figures |= {"disc_normative_docs": docs, "disc_normative_docs_issued": docs + rng.randint(0, 4)}
    figures |= {"disc_via_gazette": rng.randint(0, 40), "disc_via_other": rng.randint(0, 300)}
    press, interviews = rng.randint(0, 9), rng.randint(0, 12)
    figures |= {"resp_events": rng.randint(0, 30), "resp_press_conf": press}
    figures |= {"resp_press_conf_by_head": rng.randint(0, press), "resp_online_interview": interviews}
    figures |= {"resp_online_interview_by_head": rng.randint(0, interviews)}
    figures |= {"resp_policy_articles": rng.randint(2, 90), "resp_weibo_wechat": rng.randint(0, 60), "resp_other": 0}
    late = rng.randint(0, received // 8)
    figures |= {"req_closed": received, "req_closed_on_time": received - late, "req_closed_extended": late}
    answers = (
        "already_public",
        "granted",
        "partial",
        "denied",
        "not_this_agency",
        "not_exist",
        "amend",
        "other_channel",
    )
    figures |= _spread(rng, received, [f"req_ans_{name}" for name in answers], (5, 9, 2, 2, 4, 4, 1, 1))
    figures["req_answered"] = received
    reasons = ("state_secret", "trade_secret", "privacy", "security", "not_gov_info", "other_law")
    denied = int(figures["req_ans_denied"])
    figures |= _spread(rng, denied, [f"req_denied_{name}" for name in reasons], (0, 1, 3, 0, 3, 2))
    for kind in ("review", "suit"):
        results = [f"{kind}_{result}" for result in ("upheld", "corrected", "other")]
        figures |= _spread(rng, int(stated[f"{kind}_total"]), results, (5, 1, 2))
    full, part = rng.randint(1, 15), rng.randint(4, 80)
    figures |= {
        "complaint_total": 0,
        "org_dedicated_units": rng.randint(1, 20),
        "org_reading_points": rng.randint(2, 30),
    }
    figures |= {"org_staff": full + part, "org_staff_full_time": full, "org_staff_part_time": part}
    figures |= {"org_budget_wan": rng.choice((0, 1.5, 3.2, 8, 12.75))}
    figures |= {"meet_meetings": rng.randint(1, 9), "meet_trainings": rng.randint(1, 6)}
    figures["meet_trained_persons"] = rng.randint(30, 600)
    return figures


def standard(rng: Random, form: str, scale: int, last: Figures | None, makes_rules: bool) -> Figures:
    """The three tables of f2019 or f2021; `last` is the same organ's year before, in either form."""
    figures = _article20(rng, form, last or {}, makes_rules)
    total: Figures = {}
    rows = (*OUTCOMES, *OTHER_ROWS[form])
    weights = (*_OUTCOME_WEIGHTS, *((3,) if form == "f2019" else (1, 0, 2)))
    for applicant, share in zip(APPLICANTS, _SHARES, strict=True):
        carried_in = int((last or {}).get(f"req_carried_out__{applicant}", rng.randint(0, 3) if share > 0.5 else 0))
        new = int(scale * share * rng.uniform(0.7, 1.3))
        carried_out = rng.randint(0, (new + carried_in) // 9)
        column = _spread(rng, new + carried_in - carried_out, rows, weights)
        column |= {"new_received": new, "carried_in": carried_in, "carried_out": carried_out}
        column["total_processed"] = new + carried_in - carried_out
        for row, value in column.items():
            figures[f"req_{row}__{applicant}"] = value
            total[row] = total.get(row, 0) + value
    figures |= {f"req_{row}__total": value for row, value in total.items()}
    for group, most in zip(REVIEW_GROUPS, (9, 4, 2), strict=True):
        cases = rng.randint(0, most if scale > 20 else 1)
        figures |= _spread(rng, cases, [f"{group}_{result}" for result in REVIEW_RESULTS], (6, 1, 2, 2))
        figures[f"{group}_total"] = cases
    return figures


def _article20(rng: Random, form: str, last: Figures, makes_rules: bool) -> Figures:
    figures: Figures = {}
    for stem, most in (("rules", 6 if makes_rules else 0), ("normative_docs", 30)):
        made = rng.randint(0, most)
        name = f"art20_1_{stem}"
        if form == "f2019":
            known = int(last.get(f"{name}_disclosed_total", rng.randint(most, most * 9)))
            figures |= {f"{name}_made_this_year": made, f"{name}_newly_disclosed": made}
            figures[f"{name}_disclosed_total"] = known + made
        else:
            in_force = int(last.get(f"{name}_in_force", rng.randint(most, most * 8)))
            repealed = rng.randint(0, in_force // 5)
            figures |= {f"{name}_issued_this_year": made, f"{name}_repealed_this_year": repealed}
            figures[f"{name}_in_force"] = in_force + made - repealed
    decisions = {"art20_5_licence": 9000, "art20_6_penalty": 3000, "art20_6_coercion": 260}
    if form == "f2019":
        decisions["art20_5_other_service"] = 4000
    for name, most in decisions.items():
        if form == "f2019":
            figures |= {f"{name}_items_last_year": rng.randint(20, 400), f"{name}_items_change": rng.randint(-20, 20)}
        figures[f"{name}_decisions"] = rng.randint(most // 20, most)
    if form == "f2019":
        figures["art20_8_admin_fee_items_last_year"] = rng.randint(0, 30)
        figures["art20_8_admin_fee_items_change"] = rng.randint(-4, 3)
        figures["art20_9_procurement_projects"] = rng.randint(0, 220)
        figures["art20_9_procurement_amount"] = rng.randint(10_000, 90_000_000)
    else:
        figures["art20_8_admin_fee_amount_wan"] = rng.choice((0, rng.randint(10, 900_000) / 100))
    return figures
