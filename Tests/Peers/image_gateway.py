"""A gateway that sends images on: its configuration, and what one may ask of it."""
import json
import os
import subprocess

from gateway import BINARY, Gateway, wait_until

SETTINGS = """
[gateway]
accept_any_calling_ae_title = true
accept_any_called_ae_title = true
{gateway}
[manifest]
profile = "xds-i"
"""
DESTINATION = """
[[image_destination]]
name = "{name}"
host = "127.0.0.1"
port = {port}
ae_title = "{title}"
retry_delay = 0.2
retry_ceiling = 1
{more}
"""
RULE = "[[image_destination.rule]]\n{rule}\n"


def destination(place, name="telepacs", rules=("",), **more):
    """The table of one. `place`: has a `title` and a `port`; `rules`: each the lines of a rule; `more`: further keys."""
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in more.items())
    return DESTINATION.format(name=name, port=place.port, title=place.title, more=lines) + "".join(
        RULE.format(rule=rule) for rule in rules)


def forwarding(*places, sources="", settings="", gateway="", quiet_period=1, **more):
    """The gateway. `places`: destinations, or tables of them; `settings`: further tables."""
    tables = [place if isinstance(place, str) else destination(place, **more) for place in places]
    configuration = SETTINGS.format(gateway=gateway) + settings + sources + "".join(tables)
    return ForwardingGateway(quiet_period=quiet_period, configuration=configuration)


class ForwardingGateway(Gateway):
    def image_files(self):
        """Those that wait on its disk."""
        # As the process sees it: its data may be on a file system of its own.
        folder = f"/proc/{self.process.pid}/root{self.data}/spool/images" if self.prefix else os.path.join(
            self.data, "spool", "images")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def is_at_rest(self):
        """Waits until no image is left on its disk."""
        return wait_until(lambda: not self.image_files())

    def command(self, *arguments):
        """`kosgate …` to it."""
        run = subprocess.run(
            [BINARY, *arguments, "--data", self.data], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, f"kosgate {' '.join(arguments)}: {run.returncode} {run.stdout}{run.stderr}"
        return run.stdout

    def row(self, name):
        """That of a destination in `kosgate destinations`."""
        rows = json.loads(self.command("destinations", "--format", "json"))["destinations"]
        return next(row for row in rows if row["destination"] == name)

    def letters(self):
        return self.command("dead-letters", "--format", "json")
