"""How often a property is tried where the tests run once for each mutant: few examples, the same each time."""

from hypothesis import Phase, settings

settings.register_profile(
    "mutants",
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failure need not be made small
)
