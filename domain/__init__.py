"""Pure rules of after-sales service: plans, user tasks, cases, clocks, coverage, events. Standard library and pydantic alone."""
