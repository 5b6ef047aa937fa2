import signal
import time

import pytest

from results.doors.time_limit import within


def work(*, seconds, limit):
    with within(limit):
        time.sleep(seconds)


def test_work_that_takes_too_long_is_stopped():
    with pytest.raises(TimeoutError):
        work(seconds=60, limit=0.05)


def test_clock_is_stopped_after_the_work():
    before = signal.getsignal(signal.SIGALRM)
    work(seconds=0, limit=10)

    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]) == (before, 0)
