"""Browsers in plain words, for people who want to know which of theirs is meant."""

NAMES = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""What a browser calls itself, the more telling first: most of them call themselves Safari as well."""

DEVICES = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "an Android device",
    "CrOS": "a Chromebook",
    "Windows": "Windows",
    "Mac OS X": "a Mac",
    "Linux": "Linux",
}


def describe_browser(agent: str) -> str:
    """Say which browser a `User-Agent` header means, such as `Firefox on Windows`; nothing of the header is kept."""
    name = next((said for sign, said in NAMES.items() if sign in agent), "A browser")
    device = next((said for sign, said in DEVICES.items() if sign in agent), "")
    return f"{name} on {device}" if device else name
