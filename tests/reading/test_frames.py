"""Frames over a socket: what is torn, too long or late is told, and what has not begun is left on the socket."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading import frames
from crawler.reading.frames import ANSWER, NONE, EndError, NoFrameError, receive, send
from crawler.reading.limits import MOST_BYTES


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    first, second = socket.socketpair()
    with first, second:
        yield first, second


class Clock:
    """A clock that goes on by a step with each look at it, whatever the machine does."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def monotonic(self) -> float:
        self.now += self.step
        return self.now


class Dripping:
    """The end of a socket that gives a byte at a time and never ends, each within the time that may be waited."""

    def __init__(self, head: bytes) -> None:
        self.head, self.given = head, 0
        self.waits: list[float | None] = []

    def settimeout(self, seconds: float | None) -> None:
        self.waits.append(seconds)

    def recv_into(self, view: memoryview) -> int:
        if self.waits[-1] is not None and self.waits[-1] <= 0.001:
            raise TimeoutError
        self.given += 1
        view[0] = self.head[self.given - 1] if self.given <= len(self.head) else 0
        return 1


@given(
    st.lists(
        st.tuples(st.sampled_from([b"p", b"a", b"w"]), st.binary(min_size=8, max_size=8), st.binary(max_size=400)),
        max_size=5,
    )
)
def test_frames_come_in_their_order_as_they_were_sent(sent: list[tuple[bytes, bytes, bytes]]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for letter, ticket, parcel in sent:
            send(ours, letter, parcel, None, ticket)
        assert [receive(theirs) for _ in sent] == sent


HEAD = struct.pack(">c8sI", ANSWER, bytes(8), 5)


@pytest.mark.parametrize("sent", [b"", b"a", HEAD[:-1], HEAD, HEAD + b"four"])
def test_a_frame_that_is_torn_is_the_end(ends: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    ours, theirs = ends
    ours.sendall(sent)
    ours.close()
    with pytest.raises(EndError, match="closed"):
        receive(theirs, time.monotonic() + 60)


def test_a_frame_that_is_too_long_is_not_waited_for(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    ours.sendall(struct.pack(">c8sI", ANSWER, bytes(8), MOST_BYTES + 1))
    with pytest.raises(NoFrameError, match="a frame of"):
        receive(theirs)


def test_what_nobody_takes_is_the_end(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    theirs.close()
    with pytest.raises(EndError):
        send(ours, ANSWER, bytes(1 << 20))


def test_what_nobody_takes_in_time_is_late(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = ends
    with pytest.raises(TimeoutError):
        send(ours, ANSWER, bytes(64 << 20), time.monotonic())


def test_with_the_time_up_what_is_there_is_taken_and_nothing_is_lost(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    with pytest.raises(TimeoutError):
        receive(theirs, time.monotonic())
    send(ours, ANSWER, b"parcel")
    assert receive(theirs, time.monotonic() - 60) == (ANSWER, NONE, b"parcel")


@pytest.mark.parametrize("step", [0.5, 20.0])
def test_a_drip_that_never_ends_meets_its_deadline(monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    """In the parcel, and before the head is whole."""
    head = struct.pack(">c8sI", ANSWER, bytes(8), 1 << 20)
    monkeypatch.setattr(frames, "time", Clock(step))
    end = Dripping(head)
    with pytest.raises(TimeoutError):
        receive(end, 50.0)  # type: ignore[arg-type]
    assert 0 < end.given < 100
