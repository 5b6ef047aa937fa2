import signal
import time

import pytest

from outbox.patience import within


def work(*, seconds, patience):
    with within(patience):
        time.sleep(seconds)


def test_work_that_takes_too_long_is_stopped():
    with pytest.raises(TimeoutError):
        work(seconds=60, patience=0.05)


def test_clock_is_stopped_after_the_work():
    before = signal.getsignal(signal.SIGALRM)
    work(seconds=0, patience=10)

    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]) == (before, 0)
