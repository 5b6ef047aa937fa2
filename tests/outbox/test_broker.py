import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import outbox.doors.broker  # noqa: F401 -- registers folder://

pytestmark = pytest.mark.both

ROOT = Path(__file__).parents[2]


@pytest.fixture
def queue(tmp_path):
    """`queue()`: the queue « papers » as another process would open it."""
    with ExitStack() as stack:

        def open_queue():
            connection = stack.enter_context(Connection("folder://", transport_options={"folder": str(tmp_path)}))
            return stack.enter_context(connection.SimpleQueue("papers"))

        yield open_queue


def test_message_reaches_another_process(queue):
    queue().put({"bell": "papers"})

    assert queue().get(block=False).payload == {"bell": "papers"}


def test_messages_come_in_their_order(queue):
    sender, receiver = queue(), queue()
    for number in range(5):
        sender.put(number)

    assert [receiver.get(block=False).payload for _number in range(5)] == [0, 1, 2, 3, 4]


def test_message_of_another_queue_stays(queue, tmp_path):
    (tmp_path / "1.bulk.msg").write_text("{}")

    with pytest.raises(Empty):
        queue().get(block=False)


def test_size_and_purge_count_the_messages(queue):
    sender = queue()
    sender.put(1)
    sender.put(2)

    assert sender.qsize() == 2
    assert sender.clear() == 2
    assert sender.qsize() == 0


def test_each_message_is_given_once(queue):
    sender = queue()
    for number in range(60):
        sender.put(number)

    def take_all(receiver):
        taken = []
        try:
            while True:
                message = receiver.get(block=False)
                message.ack()
                taken.append(message.payload)
        except Empty:
            return taken

    with ThreadPoolExecutor(3) as pool:
        taken = [number for numbers in pool.map(take_all, [queue() for _one in range(3)]) for number in numbers]

    assert Counter(taken) == Counter(range(60))


def test_sender_killed_in_mid_write_leaves_no_message(queue, tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path; import outbox.doors.broker; from kombu import Connection;"
        "Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL);"
        "Connection('folder://', transport_options={'folder': sys.argv[1]}).SimpleQueue('papers').put(1)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT)

    assert done.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) != []
    with pytest.raises(Empty):
        queue().get(block=False)
