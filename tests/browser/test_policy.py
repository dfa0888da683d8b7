from urllib.request import urlopen

import pytest

TRY = {
    "a script in the page": "() => { const s = document.createElement('script'); s.text = 'window.ran = 1';"
    " document.body.append(s); return window.ran }",
    "a handler in an attribute": "() => { const i = document.createElement('img'); i.setAttribute('onerror',"
    " 'window.ran = 1'); i.src = 'data:,'; document.body.append(i);"
    " return new Promise(done => setTimeout(() => done(window.ran), 300)) }",
    "an address elsewhere": "() => fetch('http://127.0.0.2:9/').then(() => 1, () => undefined)",
}


@pytest.fixture
def page(chromium, server):
    """A page of the explorer, outside any test's tab: its refusals are logged as errors."""
    page = chromium.new_page()
    page.goto(server)
    yield page
    page.close()


@pytest.mark.parametrize("what", TRY)
def test_the_browser_refuses(page, what):
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    assert page.evaluate(TRY[what]) is None
    assert any("Content Security Policy" in text for text in refused)


def test_every_answer_carries_the_policy(server):
    for path in ("/", "/_stcore/health", "/atlas"):
        with urlopen(server + path) as answer:
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert "camera=()" in answer.headers["permissions-policy"]
