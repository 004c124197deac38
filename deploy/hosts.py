"""The services of compose.yaml as hosts on one machine, without Docker.

Each runs its command of the file in a network namespace of its own, under its own name and address, so that nothing passes
through a loopback that they share. Asks for root, iproute2 and PyYAML.

usage: python hosts.py PROGRAM FOLDER OUT, where FOLDER holds the study with its protocol.toml
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import yaml

NETWORK = "10.217.43"
BRIDGE = "vs-bridge"


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class Hosts:
    """Network namespaces that see each other, each with a hosts file of all names."""

    def __init__(self, names):
        self.addresses = {name: f"{NETWORK}.{at + 2}" for at, name in enumerate(names)}
        self.processes = []

    def __enter__(self):
        try:
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def make(self):
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("link", "set", BRIDGE, "up")
        lines = [f"{address} {name}" for name, address in self.addresses.items()]
        for at, (name, address) in enumerate(self.addresses.items()):
            ip("netns", "add", f"vs-{name}")
            ip("link", "add", f"vs-{at}", "type", "veth", "peer", "name", "eth0", "netns", f"vs-{name}")
            ip("link", "set", f"vs-{at}", "master", BRIDGE, "up")
            ip("-n", f"vs-{name}", "addr", "add", f"{address}/24", "dev", "eth0")
            for device in ["lo", "eth0"]:
                ip("-n", f"vs-{name}", "link", "set", device, "up")
            folder = pathlib.Path("/etc/netns", f"vs-{name}")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "hosts").write_text("\n".join(["127.0.0.1 localhost", *lines]) + "\n")

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        for name in self.addresses:
            subprocess.run(["ip", "netns", "del", f"vs-{name}"])
            folder = pathlib.Path("/etc/netns", f"vs-{name}")
            (folder / "hosts").unlink(missing_ok=True)
            if folder.is_dir():
                folder.rmdir()
        subprocess.run(["ip", "link", "del", BRIDGE])

    def start(self, name, command, log):
        words = ["ip", "netns", "exec", f"vs-{name}", *command]
        process = subprocess.Popen(words, stderr=log)
        self.processes.append(process)
        return process


def filled(text, values):
    """A text of the file with its variables: ${NAME}, ${NAME:-default}, ${NAME:?reason}."""
    return re.sub(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}", lambda m: values.get(m[1], m[2]), text)


def command(service, values, scratch):
    """The command of a service, with folders of this machine in place of those that it mounts."""
    words = [filled(word, values) for word in service["command"]]
    for volume in service["volumes"]:
        origin, inside = filled(volume, values).split(":")[:2]
        if origin != inside:
            folder = scratch / origin
            folder.mkdir(parents=True, exist_ok=True)
            words = [str(folder) + word[len(inside) :] if word.startswith(inside) else word for word in words]
    return words


def main():
    program, folder, out = sys.argv[1:]
    services = yaml.safe_load(pathlib.Path(__file__).with_name("compose.yaml").read_text())["services"]
    values = {"REGISTRIES": os.path.abspath(folder)}
    with tempfile.TemporaryDirectory() as scratch, Hosts(services) as hosts:
        scratch = pathlib.Path(scratch)
        for name, service in services.items():
            log = open(scratch / f"{name}.log", "w+")
            words = [os.path.abspath(program), *command(service, values, scratch)]
            if "run" not in service.get("profiles", []):
                hosts.start(name, words, log)
                continue
            # Compose starts what it depends on first, and waits no longer than that
            time.sleep(1)
            words += ["--no-cache", "--parts", "4", "--report", "html"]
            code = hosts.start(name, words, None).wait()
        results = scratch / "out" / "results"
        if results.is_dir():
            shutil.move(results, out)
        else:
            for log in sorted(scratch.glob("*.log")):
                print(f"== {log.name}", log.read_text()[-4000:], sep="\n", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
