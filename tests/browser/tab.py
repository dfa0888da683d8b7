"""A browser tab that knows the explorer."""

IDLE = ".stApp[data-test-script-state=notRunning]"  # no script runs
IN_STEP = """() => {
  const number = document.querySelector('.st-key-graph input')?.value;
  const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.trio'));
  const root = roots.find(e => e);
  return number && root?.dataset.token?.startsWith(`${number}-`);
}"""  # the panels show the graph that the sidebar names


class Tab:
    """A browser tab that keeps what went wrong in it, and the explorer's own names for what it shows."""

    def __init__(self, page, server):
        self.page, self.server, self.troubles = page, server, []
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("console", self.hear)
        page.on("request", self.watch)
        page.set_default_timeout(60_000)

    def hear(self, message):
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def watch(self, request):
        inside = (self.server, self.server.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(inside):
            self.troubles.append(f"outside request: {request.url}")

    def open(self, query=""):
        self.page.goto(f"{self.server}/{query}")
        self.settled()

    def settled(self):
        """Waits until no script runs and the panels show the graph that the sidebar names."""
        self.page.wait_for_timeout(300)  # a click needs a moment to reach the server
        self.page.locator(IDLE).wait_for(timeout=120_000)
        self.page.wait_for_function(IN_STEP)
        self.page.wait_for_timeout(200)

    def trio(self, expression, place=0):
        """Evaluates JavaScript in which ``trio`` is the linked views, the first ones of the page."""
        trios = self.page.locator(".trio")
        return trios.nth(place).evaluate(f"root => {{ const trio = root.trio; return {expression}; }}")

    def selected(self):
        return self.trio("trio.views.map(view => view.network.getSelectedNodes())")

    def positions(self):
        return self.trio("trio.views.map(view => view.network.getPositions())")

    def windows(self):
        return self.trio(
            "trio.views.map(v => ({scale: v.network.getScale(), ...v.network.getViewPosition()}))"
        )

    def spot(self, node, panel=0):
        """Where a node is on the page: x and y."""
        return self.trio(
            f"(() => {{ const view = trio.views[{panel}]; view.canvas.scrollIntoViewIfNeeded();"
            f" const at = view.network.canvasToDOM(view.network.getPosition({node}));"
            " const box = view.canvas.getBoundingClientRect();"
            " return [box.x + at.x, box.y + at.y]; })()"
        )

    def click_node(self, node, panel=0):
        self.page.mouse.click(*self.spot(node, panel))
        self.settled()

    def zoom(self, turn):
        """Turns the wheel with Ctrl where the mouse is, until the panels have followed."""
        scale = self.windows()[0]["scale"]
        self.page.keyboard.down("Control")
        self.page.mouse.wheel(0, turn)
        self.page.keyboard.up("Control")
        follows = f"root => root.trio.views.every(view => view.network.getScale() !== {scale})"
        trio = self.page.locator(".trio").first.element_handle()
        self.page.wait_for_function(follows, arg=trio)
