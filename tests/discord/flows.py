"""A flow with one question of each kind that people meet on Discord."""

from bot.flows.library import read

WEEK = read(
    """
flow: week
title: Our week
about: Five questions about your week.
band: 14-18
settings: [club]
exercises: {attributes: [voice], phases: [notice]}
nudge_after: 24
steps:
  - say: Hello {first_name}.
  - id: hard
    ask: How hard did your thinking have to work?
    scale: [coasting, a little hard, at my edge]
  - id: helped
    ask: What helped most?
    choice: {options: [a picture, a friend, a break, a walk, a list, silence], own: true, none: true}
  - say: Now the moment itself.
  - id: moment
    ask: Which moment made you stop?
    text: {lines: 2}
  - id: day
    ask: When will you try again?
    date: {}
  - id: plan
    ask: What will you try?
    text: {lines: 2}
    remember: plan
  - say: Thank you, {first_name}. {facilitator} reads this.
""",
    "week.yaml",
)

HARD, HELPED, MOMENT, DAY, PLAN = (
    "How hard did your thinking have to work?",
    "What helped most?",
    "Which moment made you stop?",
    "When will you try again?",
    "What will you try?",
)
