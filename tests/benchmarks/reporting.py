"""How benchmarks print: one JSON object a line."""

import json


def report(name: str, ours: float, baseline: float, unit: str, n: int, **more: float | str) -> None:
    """Print one line: what was measured, beside what, and the ratio of the two."""
    values = {"ours": round(ours, 5), "baseline": round(baseline, 5), "ratio": round(ours / baseline, 4)}
    print(json.dumps({"name": name, **values, "unit": unit, "n": n, **more}), flush=True)
