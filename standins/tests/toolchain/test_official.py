"""The official engine is preferred where it can be had, and an unreachable site costs two seconds once."""

from pathlib import Path

import pytest

from standins.paths import CACHE_VARIABLE, RunDirectory, cache_directory
from standins.toolchain import cache, chain, gobuild, launchers, official, terraform
from standins.toolchain.chain import Toolchain
from standins.toolchain.errors import ToolchainError
from standins.toolchain.versions import ENGINE, SDK


def installed(directory: Path, says: str) -> Path:
    directory.mkdir(parents=True)
    command = directory / "pulumi"
    command.write_text(f"#!/bin/sh\necho {says}\n")
    command.chmod(0o755)
    return command


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.mark.parametrize("says", [f"v{SDK}", f"v{ENGINE}", "v3.999.1"])
def test_an_installed_engine_that_fits_the_sdk_is_used(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = installed(tmp_path / "bin", says)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert official.on_path() == (command, f"{says} on PATH"), "same major line and not older"


@pytest.mark.parametrize("says", ["v3.271.9", "v2.25.0", "v4.0.0", "nonsense"])
def test_an_installed_engine_that_does_not_fit_is_left_alone(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / "bin", says)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    found, why = official.on_path()
    assert found is None, "another protocol"
    assert f"wanted is v{SDK} or newer" in why, "the reason is told"


def test_our_own_launcher_is_not_taken_for_an_installed_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    behind, run = installed(tmp_path / "bin", f"v{ENGINE}"), RunDirectory(tmp_path / "run")
    launchers.write(run, Toolchain(installed(tmp_path / "cache", f"v{ENGINE}")))
    monkeypatch.setenv("PATH", f"{run.bin}:/usr/bin:/bin")
    assert official.on_path() == (None, "not on PATH"), "it would start itself"
    monkeypatch.setenv("PATH", f"{run.bin}:{behind.parent}:/usr/bin:/bin")
    assert official.on_path() == (behind, f"v{ENGINE} on PATH"), "the one behind it is found"


def test_an_unreachable_site_is_asked_once_and_the_reason_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(site: str) -> str:
        asked.append(site)
        return "not reachable (test)"

    monkeypatch.setattr(official, "ask", ask)
    outcomes = [official.download(quiet) for _ in range(2)]
    assert asked == [official.SITE], "a day's silence"
    assert outcomes == [(None, "get.pulumi.com: not reachable (test)")] * 2, "the reason is told each time"


def test_a_site_is_asked_again_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.remember(official.SITE, "not reachable")
    monkeypatch.setattr(cache, "REMEMBER_SECONDS", 0.0)
    assert cache.remembered(official.SITE) is None, "a network that opens is noticed"


def test_a_broken_note_is_no_note() -> None:
    cache.remember(official.SITE, "not reachable")
    (cache_directory() / "network.json").write_text("{")
    assert cache.remembered(official.SITE) is None, "better to ask again than to fail"


def test_a_download_that_works_is_kept_and_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(target: Path, _: object) -> None:
        installed(target.parent, f"v{ENGINE}")

    monkeypatch.setattr(official, "ask", lambda _: None)
    monkeypatch.setattr(official, "install", install)
    first, _ = official.download(quiet)
    again, why = official.download(quiet)
    assert first == again == official.installed(), "it is in the cache"
    assert why.endswith("cached"), "and is not downloaded twice"


def test_an_installer_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "INSTALL", "raise SystemExit(4)")
    assert official.install(official.installed(), quiet) == "the installer ended with status 4", "the reason is told"
    assert not official.installed().exists(), "half an engine is none"


def downloader(directory: Path, does: str) -> Path:
    """Write an engine whose `plugin install` does something."""
    directory.mkdir()
    command = directory / "pulumi"
    command.write_text(f"#!/bin/sh\n[ \"$1 $2 $3 $4\" = 'plugin install resource aws' ] || exit 9\n{does}\n")
    command.chmod(0o755)
    return command


def test_the_official_plugin_is_downloaded_by_the_engine_itself_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "ask", lambda _: None)
    place = '"$PULUMI_HOME/plugins/resource-aws-$5"'
    engine = downloader(tmp_path / "bin", f"mkdir -p {place}; touch {place}/pulumi-resource-aws")
    first, _ = official.aws_plugin(engine, quiet)
    engine.unlink()
    again, why = official.aws_plugin(engine, quiet)
    assert first is not None, "the engine knows where from"
    assert (again, why.endswith("cached")) == (first, True), "once is enough"


def test_a_plugin_that_cannot_be_downloaded_is_told_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "ask", lambda _: None)
    engine = downloader(tmp_path / "bin", "exit 4")
    with pytest.raises(
        ToolchainError, match=r"no official plugin .*status 4\)\. Name a provider in STANDINS_TF_PROVIDER"
    ):
        chain.official_plugin(engine, quiet)


def test_without_provider_and_plugin_nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("two minutes for nothing")

    monkeypatch.setattr(terraform, "find", lambda: None)
    monkeypatch.setattr(official, "ask", lambda _: "not reachable (test)")
    monkeypatch.setattr(chain, "engine", refuse)
    with pytest.raises(ToolchainError, match=r"no official plugin \(get\.pulumi\.com: not reachable \(test\)\)"):
        chain.provide(quiet)


def test_an_engine_built_before_is_used_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("nobody is asked")

    monkeypatch.setattr(official, "download", refuse)
    gobuild.CLI.binary.parent.mkdir(parents=True)
    gobuild.CLI.binary.touch()
    assert chain.engine(quiet) == (None, "not on PATH; built before"), "the second run starts at once"
