"""The folders of the shared file system, made before anybody mounts one."""

from __future__ import annotations

from dataclasses import replace

from components.kubernetes.file_folders import NAME, FolderSetup, FolderSetupArgs
from stacks.apps.controllers import Controllers
from stacks.apps.site import FileFolders, Site

_ROLE = "data"


def build_files(site: Site, around: Controllers) -> FileFolders:
    """Register the job that makes the folders, where the cloud makes none and somebody mounts one.

    Returns:
        The folders; what mounts one of them waits for the job as well.
    """
    files = site.files
    if files.whole is None or all(one.name != NAME for one in site.plan.helpers):
        return files
    made = FolderSetup(
        NAME,
        FolderSetupArgs(
            plan=site.helper(NAME),
            points=site.plan.files.access_points,
            cluster=around.inside[_ROLE],
            namespace=site.cluster.namespaces[_ROLE],
            whole=files.whole,
            ready=files.ready,
        ),
        site.opts,
    )
    return replace(files, ready=(*files.ready, *made.ready))
