"""What a hostile file might make a reader do."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from gdcore.errors import DamagedFile


def number():
    return os.getpid()


def beside(seconds):
    """Which process this is, after so many seconds."""
    time.sleep(seconds)
    return os.getpid()


def doze(seconds):
    """Not at once: whoever sleeps sleeps on while the machine stands still."""
    for _ in range(round(seconds * 10)):
        time.sleep(0.1)
    return os.getpid()


def burn():
    re.match(r"(a+)+$", "a" * 60 + "b")


def sleep():
    time.sleep(60)


def grow():
    held = []
    while True:
        held.append(bytearray(10_000_000))


def swallow():
    """A library that tells of a lack of memory in words of its own."""
    try:
        grow()
    except MemoryError:
        raise RuntimeError("std::bad_alloc") from None


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def leave():
    os._exit(0)


def tell(size):
    return bytes(size)


def refuse():
    raise DamagedFile("文件已损坏。", "请换一份。")


def quote(words):
    raise ValueError(words)


class Code:
    def __reduce__(self):
        return os.system, ("exit 3",)


def answer_with_code():
    return Code()


def connect():
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def ask():
    socket.getaddrinfo("example.org", 80)


def listen():
    socket.socket().bind(("127.0.0.1", 0))


def start():
    subprocess.run(["true"], check=True)


def shell():
    os.system("true")


def interfaces():
    """The network devices that there are beside the loopback: /proc tells them, no socket is needed."""
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    return [line.split(":")[0].strip() for line in lines if not line.strip().startswith("lo:")]


def write(path):
    Path(path).write_text("x")


def link(path):
    Path(path).symlink_to("/etc/passwd")


def put_aside():
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a").write_text("x")
        return tempfile.gettempdir()


def fill():
    with tempfile.TemporaryFile() as file:
        while True:
            file.write(bytes(1_000_000))


def start_office(folder):
    """A program of an allowed name that never ends, in a group of its own as the reader starts it."""
    with subprocess.Popen([str(Path(folder) / "soffice")], process_group=0) as process:
        process.wait()
