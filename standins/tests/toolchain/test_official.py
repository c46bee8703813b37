"""The official engine is preferred where it can be had, and an unreachable site costs two seconds once."""

import sys
from pathlib import Path

import pytest

from standins.paths import CACHE_VARIABLE, PROVIDER_VARIABLE, RunDirectory, cache_directory
from standins.tests.toolchain.test_terraform import provider
from standins.toolchain import cache, chain, gobuild, launchers, official, terraform
from standins.toolchain.chain import Toolchain
from standins.toolchain.errors import ToolchainError
from standins.toolchain.versions import BRIDGE, ENGINE, PLUGINS, SDK


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
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(PROVIDER_VARIABLE, raising=False)


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
    file = f"{place}/pulumi-resource-aws"
    engine = downloader(tmp_path / "bin", f"mkdir -p {place}; touch {file}; chmod +x {file}")
    first, _ = official.plugin("aws", engine, quiet)
    engine.unlink()
    again, why = official.plugin("aws", engine, quiet)
    assert first is not None, "the engine knows where from"
    assert (again, why) == (first, f"v{PLUGINS['aws']} in {official.own_home()}"), "once is enough"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An engine and a bridge that were built before; the engine downloads nothing."""
    monkeypatch.setattr(gobuild, "build", lambda *_: None)
    engine = downloader(tmp_path / "bin", "exit 4")
    monkeypatch.setattr(chain, "engine", lambda _: (engine, "of the test"))
    monkeypatch.setattr(terraform, "places", lambda _: [tmp_path / "mirror"])
    gobuild.BRIDGE_PROGRAM.binary.parent.mkdir(parents=True)
    gobuild.BRIDGE_PROGRAM.binary.touch()
    return tmp_path / "home"


def plugin(home: Path, name: str) -> Path:
    """Install an official plugin."""
    file = official.plugin_file(home, name)
    file.parent.mkdir(parents=True)
    file.touch(0o755)
    return file


def parts(toolchain: Toolchain) -> dict[str, str]:
    return {choice.part: choice.chosen for choice in toolchain.choices}


def refuse_to_ask(_: str) -> None:
    raise AssertionError("nobody is asked")


def test_official_plugins_that_are_installed_come_before_a_terraform_provider_and_the_stand_ins(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "ask", refuse_to_ask)
    provider(tmp_path / "mirror", "5.100.0")
    aws, eks = plugin(built, "aws"), plugin(built, "eks")
    found = chain.provide(quiet)
    assert (found.aws_plugin, found.eks_plugin, found.bridge, found.tf_provider) == (aws, eks, None, None)
    assert parts(found)["aws plugin"] == parts(found)["eks plugin"] == "official"
    run = RunDirectory(tmp_path / "run")
    launchers.write(run, found)
    for name, file in (("aws", aws), ("eks", eks)):
        assert f"exec {file} " in (run.bin / f"pulumi-resource-{name}").read_text(), "the engine starts it"


def test_each_stand_in_is_named_with_its_reason(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "ask", refuse_to_ask)
    fitting, newer = provider(tmp_path / "mirror", "5.100.0"), provider(tmp_path / "mirror", "6.20.0")
    found = chain.provide(quiet)
    assert (found.tf_provider, found.aws_plugin, found.eks_plugin) == (fitting, None, None)
    assert parts(found) == {
        "engine": "official",
        "python host": "standins.language",
        "aws plugin": f"standins.awsproxy on Terraform bridge v{BRIDGE}",
        "aws provider": fitting.name,
        "eks plugin": "standins.ekscomponent",
        "kubernetes plugin": "standins.kuberender",
    }
    why = {choice.part: choice.why for choice in found.choices}
    assert why["aws plugin"] == f"no official plugin v{PLUGINS['aws']} in {built}"
    assert why["eks plugin"] == f"no official plugin v{PLUGINS['eks']} in {built}"
    assert why["aws provider"].endswith(f"passed over: {terraform.unfit((6, 20, 0), newer)}")
    assert "API server" in why["kubernetes plugin"]


def test_a_provider_that_is_named_comes_before_an_installed_plugin(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin(built, "aws")
    chosen = provider(tmp_path / "own", "5.1.0")
    monkeypatch.setenv(PROVIDER_VARIABLE, str(chosen))
    assert chain.provide(quiet).tf_provider == chosen, "it is a choice"


def test_a_provider_of_version_6_alone_is_refused_by_name(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not built.exists()
    monkeypatch.setattr(official, "ask", lambda _: "not reachable (test)")
    newer = provider(tmp_path / "mirror", "6.20.0")
    with pytest.raises(ToolchainError, match=rf"; {newer} is version 6\.20\.0, .*no official plugin .*\(test\)\)"):
        chain.provide(quiet)


def test_a_download_that_fails_falls_back_to_the_provider(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not built.exists()
    gobuild.BRIDGE_PROGRAM.binary.unlink()
    monkeypatch.setattr(official, "ask", lambda _: None)
    fitting = provider(tmp_path / "mirror", "5.100.0")
    found = chain.provide(quiet)
    assert (found.tf_provider, found.aws_plugin) == (fitting, None)
    assert "installer ended with status 4" in {choice.part: choice.why for choice in found.choices}["aws plugin"]


def test_a_plugin_that_cannot_be_downloaded_is_told_with_its_cure(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not built.exists()
    monkeypatch.setattr(official, "ask", lambda _: None)
    with pytest.raises(
        ToolchainError, match=r"no official plugin .*status 4\)\. Name a provider in STANDINS_TF_PROVIDER"
    ):
        chain.provide(quiet)


def test_without_provider_and_plugin_nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("two minutes for nothing")

    monkeypatch.setattr(terraform, "find", lambda: None)
    monkeypatch.setattr(official, "ask", lambda _: "not reachable (test)")
    monkeypatch.setattr(chain, "engine", refuse)
    with pytest.raises(ToolchainError, match=r"no official plugin \(get\.pulumi\.com: not reachable \(test\)\)"):
        chain.provide(quiet)


def test_another_system_than_linux_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ToolchainError, match=r"^toolchain: needs Linux .*; this is darwin$"):
        chain.provide(quiet)


def test_an_engine_built_before_is_used_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("nobody is asked")

    monkeypatch.setattr(official, "download", refuse)
    gobuild.CLI.binary.parent.mkdir(parents=True)
    gobuild.CLI.binary.touch()
    assert chain.engine(quiet) == (None, "not on PATH; built before"), "the second run starts at once"
