"""The emulator's life: where it listens, who keeps it alive, how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from sandbox.emulator import bind, client
from standins.toolchain.guard import start_time
from tests.sandbox.emulator.conftest import session

pytestmark = pytest.mark.emulator


def _listeners(pid: int) -> set[str]:
    """Addresses, in /proc's notation, on which a process listens, TCP and UDP, both families."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for table, listening in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and fields[3] == listening:
                found.add(f"{table} {fields[1]}")
    return found


def _loopback(port: int) -> str:
    return f"tcp 0100007F:{port:04X}"


def _wait_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while start_time(pid):
        assert time.monotonic() < deadline, "the emulator ends within seconds"
        time.sleep(0.02)


def test_its_start_loads_neither_an_sdk_nor_the_models_of_the_stack_file() -> None:
    slow = ("boto3", "botocore", "pulumi", "pydantic")
    code = f"import sandbox.emulator.server, sys; print([name for name in {slow} if name in sys.modules])"
    loaded = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=client.CHECKOUT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]", "what takes long to import waits until a request needs it"


def test_it_listens_on_one_loopback_port_and_nowhere_else(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    aws = session(emulator)
    aws("transfer").create_server()  # opens the SFTP listener where that is enabled
    aws("iot").create_thing(thingName="thing")
    listeners = _listeners(emulator.pid)
    emulator.stop()
    assert listeners == {_loopback(emulator.port)}, "one loopback listener is all an emulator opens"


def test_the_port_asked_for_is_the_port_served() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    emulator = client.start(None, port=port)
    emulator.stop()
    assert emulator.port == port, "a given port is used as given"


def test_a_taken_port_is_refused_by_name() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(client.EmulatorError, match=f"cannot listen on 127.0.0.1:{port}"):
            client.start(None, port=port)


def test_callers_without_an_account_key_get_the_account_of_the_command_line() -> None:
    emulator = client.start(None, account="444455556666")
    identity = session(emulator, "AKIAIOSFODNN7EXAMPLE")("sts").get_caller_identity()
    emulator.stop()
    assert identity["Account"] == "444455556666", "--account is the account of callers without one"


def test_settings_exported_for_another_emulator_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SERVICES": "s3", "AUTH": "true", "USE_SSL": "1", "MINISTACK_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    emulator = client.start(None)
    users = session(emulator)("iam").list_users()["Users"]
    listeners = _listeners(emulator.pid)
    emulator.stop()
    assert users == [], "all services are there, and no signature is checked"
    assert listeners == {_loopback(emulator.port)}, "and no other port is taken"


def test_an_account_that_is_none_is_refused() -> None:
    with pytest.raises(client.EmulatorError, match="'12' is not a 12-digit AWS account id"):
        client.start(None, account="12")


def test_the_end_of_its_starter_ends_it_with_its_state_saved(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    session(emulator)("s3").create_bucket(Bucket="left-behind")
    assert emulator.process is not None
    assert emulator.process.stdin is not None
    emulator.process.stdin.close()
    assert emulator.process.wait(20) == 0, "the end of the lease is a clean end"
    assert "left-behind" in (tmp_path / "snapshot.json").read_text(), "a clean end saves the state"


def test_a_starter_that_is_killed_takes_the_emulator_with_it(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from sandbox.emulator import bind, client;"
        "print(client.start(Path(sys.argv[1])).pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(client.CHECKOUT)},
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    starter.kill()
    starter.communicate()
    _wait_gone(pid)
    assert (tmp_path / "snapshot.json").exists(), "a killed starter does not cost the state"


def test_after_keep_it_outlives_its_starter_in_a_session_of_its_own(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sandbox.emulator import bind, client;"
        "e = client.start(Path(sys.argv[1])); e.keep(); print(e.pid)"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        check=True,
        timeout=30,
        env=os.environ | {"PYTHONPATH": str(client.CHECKOUT)},
    )
    pid = int(ran.stdout)
    emulator = client.find(tmp_path)
    assert emulator is not None, "a kept emulator is found by its state directory"
    assert emulator.pid == pid, "the emulator found is the one kept"
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGHUP)
    assert emulator.status()["kept"] is True, "a kept emulator ignores the terminal's signals"
    assert os.getsid(pid) == pid, "a kept emulator leads a session of its own"
    targets = {str(Path(f"/proc/{pid}/fd/{fd}").readlink()) for fd in (0, 1)}
    assert targets == {os.devnull}, "a kept emulator holds none of its starter's streams"
    emulator.stop()
    assert client.find(tmp_path) is None, "a stopped emulator is not found"


def test_ctrl_c_at_its_starter_does_not_end_it(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    os.kill(emulator.pid, signal.SIGINT)
    assert emulator.status()["pid"] == emulator.pid, "the lease, not the terminal, ends an emulator"
    emulator.stop()


def test_sigterm_ends_it_with_its_state_saved(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    session(emulator)("iam").create_user(UserName="left-behind")
    os.kill(emulator.pid, signal.SIGTERM)
    assert emulator.process is not None
    assert emulator.process.wait(20) == 0, "SIGTERM is a clean end"
    assert "left-behind" in (tmp_path / "snapshot.json").read_text(), "SIGTERM saves the state"


def test_one_directory_serves_one_emulator_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = client.start(tmp_path)
    monkeypatch.setattr(bind, "_LOCK_WAIT_S", 0.0)
    with pytest.raises(bind.StateInUseError, match="another emulator serves this state directory"):
        bind.hold(tmp_path)
    emulator.stop()
    bind.hold(tmp_path).close()


def test_a_damaged_snapshot_stops_the_start_and_stays_as_it_was(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_text("{")
    with pytest.raises(client.EmulatorError, match="damaged"):
        client.start(tmp_path)
    assert snapshot.read_text() == "{", "state that cannot be read is never overwritten"


def test_a_snapshot_of_another_version_is_refused(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_text(json.dumps({"format": 1, "emulator": "0.0.1", "services": {}}))
    with pytest.raises(client.EmulatorError, match="remove it to start empty"):
        client.start(tmp_path)


def test_a_snapshot_with_an_unknown_service_is_refused(tmp_path: Path) -> None:
    client.start(tmp_path).stop()
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_text(snapshot.read_text().replace('"services":{', '"services":{"quantum":{},'))
    with pytest.raises(client.EmulatorError, match="quantum"):
        client.start(tmp_path)
    assert "quantum" in snapshot.read_text(), "state that is not understood is never overwritten"


def test_unknown_control_paths_are_refused_with_the_known_ones(emulator: client.Emulator) -> None:
    with pytest.raises(
        client.EmulatorError, match="known: GET /_sandbox/calls, GET /_sandbox/outage, GET /_sandbox/status"
    ):
        client.control(emulator.port, "POST", "status")


def test_a_save_without_a_directory_is_refused(emulator: client.Emulator) -> None:
    with pytest.raises(client.EmulatorError, match="without a state directory"):
        emulator.save()


def _invoke(emulator: client.Emulator) -> tuple[int, Path]:
    """Run a function in the emulator; returns its process and the directory of its code."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("i.py", "import os\ndef h(event, context): return [os.getpid(), __file__]")
        code = {"ZipFile": file.getvalue()}
    functions = session(emulator)("lambda")
    role = "arn:aws:iam::111122223333:role/r"
    functions.create_function(FunctionName="f", Role=role, Runtime="python3.12", Handler="i.h", Code=code)
    pid, path = json.loads(functions.invoke(FunctionName="f")["Payload"].read())
    return int(pid), Path(path).parent


def test_no_function_and_no_file_of_one_outlives_it(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    pid, code = _invoke(emulator)
    emulator.stop()
    assert not start_time(pid), "the process of a function ends with the emulator"
    assert not code.exists(), "its unpacked code is gone"


def test_what_a_killed_emulator_left_is_cleared_by_its_successor(tmp_path: Path) -> None:
    killed = client.start(tmp_path)
    pid, code = _invoke(killed)
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.process is not None
    killed.process.wait()
    _wait_gone(pid)
    left = code.exists()
    client.start(tmp_path).stop()
    assert left, "a kill leaves files"
    assert not code.exists(), "and the next emulator of the state removes them"


def test_a_reset_forgets_everything_but_who_serves_the_directory(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    ec2 = session(emulator)("ec2")
    ec2.enable_ebs_encryption_by_default()
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    request = urllib.request.Request(f"{emulator.url}/_ministack/reset", method="POST")  # noqa: S310 - loopback
    urllib.request.urlopen(request).close()  # noqa: S310 - loopback
    left = [found["VpcId"] for found in ec2.describe_vpcs()["Vpcs"]]
    enabled = ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    found = client.find(tmp_path)
    emulator.stop()
    assert vpc not in left, "what the services hold is gone"
    assert enabled is False, "and what the patches hold"
    assert found is not None, "the emulator is still found"
