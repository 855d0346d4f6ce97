"""The folders of a share are made once, by a pod without a right, before anybody mounts them."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from components.kubernetes.file_folders import FolderSetup, FolderSetupArgs, folders
from components.kubernetes.scripts import file_folders as program
from components.kubernetes.shared_files import Share, filestore
from sizing.plans import AccessPointPlan
from tests.components.kubernetes.model_samples import helper_plan
from tests.components.kubernetes.samples import NAMESPACES, cluster
from tests.components.support import Recorder, children_of, record
from tests.kubernetes.schemas import violations

pytestmark = pytest.mark.one_cloud("gcp", "an access point of EFS makes its folder itself")
SHARE = Share(location="us-central1", instance="files", name="files", host="10.0.0.2", newer=True)
POINTS = tuple(
    AccessPointPlan(name=name, path=f"/{name}", uid=1000, gid=1000, permissions="0750")
    for name in ("n8n", "langflow")
)


def built(points: tuple[AccessPointPlan, ...] = POINTS) -> Recorder:
    return record(
        lambda: FolderSetup(
            "folders",
            FolderSetupArgs(
                plan=helper_plan("file-folders", "data"),
                points=points,
                cluster=cluster(),
                namespace=NAMESPACES["data"],
                whole=filestore(SHARE),
            ),
        )
    )


def test_every_object_is_one_that_the_api_server_takes() -> None:
    objects = children_of(built(), "aigw:kubernetes:FolderSetup")
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_the_job_mounts_the_whole_share_and_has_no_right_beyond_its_group() -> None:
    made = built()
    job = made.one("Job", "folders-run-job").inputs["spec"]["template"]["spec"]
    (container,) = job["containers"]
    assert "/mnt/files" in {one["mountPath"] for one in container["volumeMounts"]}
    assert container["args"] == ["/mnt/files", "langflow=0750", "n8n=0750"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert job["securityContext"]["runAsNonRoot"] is True
    # the node gives the share's top folder to this group
    assert job["securityContext"]["fsGroup"] == container["securityContext"]["runAsGroup"]
    volume = made.one("PersistentVolume").inputs["spec"]
    assert volume["csi"]["volumeAttributes"]["volume"] == "files"


def test_the_job_waits_for_its_claim() -> None:
    made = built()
    claim = made.one("PersistentVolumeClaim")
    assert claim.urn in made.before(made.one("Job", "folders-run-job"))


def test_another_folder_makes_another_job_and_another_order_does_not() -> None:
    def version(points: tuple[AccessPointPlan, ...]) -> object:
        job = built(points).one("Job", "folders-run-job")
        return job.inputs["metadata"]["annotations"]["aigw.io/version"]

    assert version(POINTS) == version(POINTS[::-1])
    assert version(POINTS) != version(POINTS[:1])


def test_the_program_makes_what_is_missing_and_touches_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "n8n").mkdir(mode=0o700)
    wanted = dict(one.split("=") for one in folders(POINTS))
    assert program.make(tmp_path, wanted) == ["langflow"]
    assert program.make(tmp_path, wanted) == []
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert modes == {"langflow": 0o750, "n8n": 0o700}


def test_the_program_leaves_the_share_alone_outside_of_its_folders(tmp_path: Path) -> None:
    root = tmp_path / "share"
    root.mkdir()
    for path in ("../elsewhere", "."):
        with pytest.raises(ValueError, match="no folder of"):
            program.make(root, {path: "0750"})
    assert [one.name for one in tmp_path.iterdir()] == ["share"]


def test_the_program_reads_its_arguments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deeper = replace(POINTS[0], path="/teams/n8n")
    program.main([str(tmp_path), *folders((deeper,))])
    assert (tmp_path / "teams" / "n8n").is_dir()
    assert capsys.readouterr().out == "made: teams/n8n\n"
    program.main([str(tmp_path), *folders((deeper,))])
    assert capsys.readouterr().out == "made: nothing\n"
