"""A confined process still reads: documents, pages, what Python imports late; and it ends with whoever started it."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from pipelines.documents.readers import read
from pipelines.marked.flatten import lines_of
from tests import ROOT
from tests.support import documents_made as made
from tests.support.confining import CONFINE, confined

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no layer but limits on this system")
LAYERS = ("landlock,seccomp", "landlock", "seccomp", "")
PDF = made.pdf(made.words(72, 700, "2023 report") + made.grid(72, 600, [0, 100, 200], [["a", "b"], ["1", "2"]]))
DOCUMENTS = {
    "docx": made.docx(),
    "xlsx": made.xlsx(),
    "rtf": made.rtf(),
    "ofd": made.ofd(),
    "html": made.html(),
    "doc": made.doc(),
    "pdf": PDF,
    "zip": made.zipped({"表.xlsx": made.xlsx(), "report.pdf": PDF}),
}
READ = """
import base64
from dataclasses import asdict
from pipelines.documents.readers import read
for name, body in json.load(sys.stdin).items():
    print(json.dumps([name, asdict(read(base64.b64decode(body)))]))
"""


@pytest.mark.parametrize("layers", LAYERS)
def test_documents_are_read_as_without(tmp_path: Path, layers: str) -> None:
    """The libraries are imported only then, as a process does that starts light."""
    bodies = {name: base64.b64encode(body).decode() for name, body in DOCUMENTS.items()}
    _, said, code = confined(tmp_path, READ, layers=layers, given=json.dumps(bodies).encode())
    assert code == 0
    found = dict(map(json.loads, said.splitlines()))
    for name, body in DOCUMENTS.items():
        document = read(body)
        assert lines_of(document.marked)
        assert found[name] == json.loads(json.dumps(asdict(document)))


WORK = {
    "a page": "import lxml.html; print(lxml.html.fromstring('<p>年报</p>').text == '年报')",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as threads: print(sum(threads.map(abs, [-1] * 100)) == 100)
""",
    "numbers": "import numpy; print(numpy.ones((500, 500)).dot(numpy.ones(500))[0] == 500)",
    "data of the project": """
from crawler.reference.history import changes
from crawler.words.traditional import simplified
print(bool(changes()) and simplified("報") == "报")
""",
    "time zones": "import zoneinfo; print(str(zoneinfo.ZoneInfo('Asia/Shanghai')) == 'Asia/Shanghai')",
    "media types": "import mimetypes; print(mimetypes.guess_type('a.pdf')[0] == 'application/pdf')",
    "hashes": "import hashlib, secrets, ssl; print(hashlib.new('sha256', secrets.token_bytes()).digest_size == 32)",
    "callbacks": """
import ctypes
print(bool(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(abs)(-1) == 1))
""",
    "signals to itself": """
import os, signal
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
print(True, flush=True)
os.kill(os.getpid(), signal.SIGTERM)
""",
    "its memory and time": """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (60, resource.RLIM_INFINITY))
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
print(resource.getrlimit(resource.RLIMIT_CPU)[0] == 60)
""",
}


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("work", WORK)
def test_what_reading_needs_is_there(tmp_path: Path, work: str, layers: str) -> None:
    _, said, code = confined(tmp_path, WORK[work], layers=layers)
    assert (said, code) == (b"True\n", 0)


def test_its_own_folder_is_written_and_cleared(tmp_path: Path) -> None:
    confinement, said, _ = confined(
        tmp_path,
        """
import tempfile, shutil
with tempfile.NamedTemporaryFile() as file:
    file.write(b"much"), file.flush(), file.truncate(2)
    print(Path(file.name).is_relative_to(folder))
(folder / "a" / "b").mkdir(parents=True)
(folder / "a" / "c").write_text("c")
(folder / "a" / "c").replace(folder / "a" / "d")
shutil.rmtree(folder / "a")
""",
        layers="landlock",
    )
    if confinement["landlock"] is None:
        pytest.skip(confinement["lacks"]["landlock"])
    assert said == b"True\n"
    assert not list(tmp_path.iterdir())


def test_sockets_that_are_open_stay_so(tmp_path: Path) -> None:
    _, said, _ = confined(
        tmp_path,
        "one.sendall(b'still'); print(other.recv(9) == b'still')",
        before="import socket; one, other = socket.socketpair()",
    )
    assert said == b"True\n"


def test_threads_older_than_the_rules_write_nothing_either(tmp_path: Path) -> None:
    """Landlock before its version 8 does not reach them; the filter does, and denies all writing."""
    confinement, said, _ = confined(
        tmp_path,
        """
ready.set(); thread.join()
""",
        before="""
import threading
ready = threading.Event()
def late():
    ready.wait()
    for path in (sys.argv[1] + "/../late", sys.argv[1] + "/late"):
        try: print(open(path, "w") and "written")
        except OSError: print("denied")
thread = threading.Thread(target=late); thread.start()
""",
    )
    if confinement["landlock"] is None or not confinement["seccomp"]:
        pytest.skip(str(confinement["lacks"]))
    if confinement["landlock"] < 8:
        assert (confinement["threads"], confinement["writing"], said) == (1, "nowhere", b"denied\ndenied\n")
    else:
        assert (confinement["threads"], confinement["writing"], said) == (0, "folder", b"denied\nwritten\n")


def test_it_goes_first_where_memory_ends_and_has_no_privileges(tmp_path: Path) -> None:
    confinement, said, _ = confined(
        tmp_path, "print(open('/proc/self/oom_score_adj').read()); print(open('/proc/self/status').read())"
    )
    assert confinement["lacks"] == {layer: why for layer, why in confinement["lacks"].items() if layer in LAYERS[0]}
    lines = said.decode().splitlines()
    fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert lines[0] == "1000"
    assert fields["NoNewPrivs"] == "1"
    assert int(fields["CapEff"], 16) & ~4 == int(fields["CapPrm"], 16) & ~4 == 0


def test_what_the_kernel_lacks_is_told_and_no_error(tmp_path: Path) -> None:
    confinement, said, code = confined(
        tmp_path,
        "print(*confinement.sentences(), sep='\\n')",
        before="""
import sys
sys.platform = "other"
""",
    )
    assert code == 0
    assert {"landlock", "seccomp", "privileges", "parent"} <= confinement["lacks"].keys()
    assert (confinement["landlock"], confinement["seccomp"], confinement["writing"]) == (None, False, "anywhere")
    sentences = said.decode().splitlines()
    assert sentences[0] == "files: those of its user are written and read (not Linux)"
    assert (
        sentences[1]
        == "network, programs, other processes: nothing holds it (no numbers of system calls for this system)"
    )
    assert len(sentences) == 6


PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]], start_new_session=True)
child.wait()
"""


@pytest.mark.parametrize("confining", [True, False])
def test_it_dies_with_its_parent(tmp_path: Path, confining: bool) -> None:
    """Its parent is killed; what it would still answer on the pipe tells whether it lives."""
    head = CONFINE.format(before="") if confining else "import sys\nprint('ready', flush=True)\n"
    lines = head + "sys.stdin.readline(); print('alive', flush=True)"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, lines, os.fspath(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        assert parent.stdout.readline()
        parent.kill()
        parent.wait()
        if not confining:
            parent.stdin.write(b"\n")
            parent.stdin.flush()
        assert select.select([parent.stdout], [], [], 60)[0]
        assert parent.stdout.read() == (b"" if confining else b"alive\n")


STARTER = """
import os, socket, sys, tempfile
from crawler.reading.process import begin
ours, theirs = socket.socketpair()
with tempfile.TemporaryFile() as said:
    reader = begin(theirs.fileno(), sys.argv[1], said)
theirs.close()
sys.stdin.read()
"""
STUCK = """
import os, sys, time
if "crawler.reading.worker" in sys.orig_argv:
    alive = os.open({path!r}, os.O_WRONLY)
    class Stuck:
        def find_spec(self, name, *more):
            if name == "pipelines":
                os.write(alive, b".")
                time.sleep(10**6)
    sys.meta_path.insert(0, Stuck())
"""


def test_it_dies_with_its_parent_before_it_is_ready(tmp_path: Path) -> None:
    """Its imports take a second, in which nobody is asked on the socket."""
    os.mkfifo(tmp_path / "alive")
    (tmp_path / "sitecustomize.py").write_text(STUCK.format(path=os.fspath(tmp_path / "alive")), "utf-8")
    with open(os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK), "rb", 0) as alive:
        parent = subprocess.Popen(
            [sys.executable, "-c", STARTER, os.fspath(tmp_path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([os.fspath(tmp_path), os.fspath(ROOT)])},
        )
        with parent:
            assert select.select([alive], [], [], 60)[0]
            assert alive.read(1) == b"."
            parent.kill()
            parent.wait()
            assert select.select([alive], [], [], 20)[0], "it lives on"
            assert alive.read(1) == b""
