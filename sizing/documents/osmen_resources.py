"""Document 003, what is used and allotted: agents, disks, containers, GPUs, growth.

Source: document-003, 2024-11-18. The totals are the document's own; they are not its sums.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.documents.amounts import Amount, amount, words
from sizing.documents.block import Block, BlockKind, points, table
from sizing.documents.machines import machines


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCpuRow:
    """Share of a CPU that an agent uses; the document does not say of how many cores."""

    agent: str
    idle: Amount
    active: Amount
    burst: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMemoryRow:
    """Memory of one agent."""

    agent: str
    base: Amount
    working_set: Amount
    peak: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskRow:
    """What one component reads and writes in a day."""

    component: str
    read: Amount
    write: Amount
    total_daily: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRow:
    """Limits of one service's container, and its disk."""

    service: str
    cpu_limit: Amount
    memory_limit: Amount
    storage: Amount
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelClass:
    """A class of models; parameters are None where it gives no number."""

    written: str
    parameters: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuRow:
    """A GPU for a local model; speed is against a CPU."""

    gpu: str
    memory: Amount
    models: ModelClass
    speed: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthRow:
    """What so many users need."""

    users: Amount
    daily_requests: Amount
    cpu_cores: Amount
    memory: Amount
    storage: Amount


def _cpu(agent: str, idle: str, active: str, burst: str) -> AgentCpuRow:
    return AgentCpuRow(agent=agent, idle=amount(idle), active=amount(active), burst=amount(burst))


def _memory(agent: str, base: str, working_set: str, peak: str) -> AgentMemoryRow:
    return AgentMemoryRow(
        agent=agent, base=amount(base), working_set=amount(working_set), peak=amount(peak)
    )


def _disk(component: str, read: Amount, write: Amount, total: str) -> DiskRow:
    return DiskRow(component=component, read=read, write=write, total_daily=amount(total))


def _container(service: str, cpu: str, memory: str, storage: str, notes: str) -> ContainerRow:
    return ContainerRow(
        service=service,
        cpu_limit=amount(cpu),
        memory_limit=amount(memory),
        storage=amount(storage),
        notes=notes,
    )


def _gpu(gpu: str, memory: Amount, models: str, speed: str, *, sized: bool = True) -> GpuRow:
    parameters = amount(models) if sized else None
    return GpuRow(
        gpu=gpu,
        memory=memory,
        models=ModelClass(written=models, parameters=parameters),
        speed=amount(speed),
    )


def _growth(users: str, requests: str, cores: str, memory: str, storage: str) -> GrowthRow:
    return GrowthRow(
        users=amount(users),
        daily_requests=amount(requests),
        cpu_cores=amount(cores),
        memory=amount(memory),
        storage=amount(storage),
    )


AGENT_CPU = (
    _cpu("Daily Brief", "<5%", "20-30%", "50%"),
    _cpu("Focus Guardrails", "<5%", "15-25%", "40%"),
    _cpu("Boot Hardening", "<5%", "10-20%", "60%"),
    _cpu("Content Creator", "<5%", "30-50%", "80%"),
    _cpu("Knowledge Management", "<5%", "20-30%", "50%"),
)

AGENT_MEMORY = (
    _memory("Daily Brief", "100MB", "300-500MB", "800MB"),
    _memory("Focus Guardrails", "80MB", "200-400MB", "600MB"),
    _memory("Boot Hardening", "60MB", "150-300MB", "500MB"),
    _memory("Content Creator", "200MB", "500MB-1GB", "2GB"),
    _memory("Knowledge Management", "150MB", "400-800MB", "1.5GB"),
)

DISK_IO = (
    _disk("PostgreSQL", amount("100-500 MB/day"), amount("50-200 MB/day"), "150-700 MB"),
    _disk("Qdrant", amount("200MB-1GB/day"), amount("100-500 MB/day"), "300MB-1.5GB"),
    _disk("Logs", words("Minimal"), amount("100-500 MB/day"), "100-500 MB"),
    _disk("Content", words("Variable"), words("Variable"), "1-10 GB"),
)

CONTAINERS = (
    _container("Langflow", "2 cores", "4 GB", "5 GB", "Visual flow builder"),
    _container("n8n", "2 cores", "2 GB", "5 GB", "Workflow automation"),
    _container("PostgreSQL", "2 cores", "4 GB", "20 GB", "Primary database"),
    _container("Qdrant", "2 cores", "4 GB", "10 GB", "Vector database"),
    _container("Redis", "1 core", "2 GB", "2 GB", "Cache"),
    _container("Gateway API", "2 cores", "2 GB", "1 GB", "API server"),
    _container("Ollama (optional)", "4 cores", "8 GB", "20 GB", "Local LLM"),
)
TOTAL_MINIMUM = machines("8 cores, 16 GB RAM, 50 GB disk")
TOTAL_RECOMMENDED = machines("16 cores, 32 GB RAM, 100 GB disk")

GPUS = (
    _gpu("NVIDIA GTX 1660", amount("6 GB"), "Small models (7B)", "2-3x faster"),
    _gpu("NVIDIA RTX 3060", amount("12 GB"), "Medium models (13B)", "3-5x faster"),
    _gpu("NVIDIA RTX 4090", amount("24 GB"), "Large models (70B)", "5-10x faster"),
    _gpu("Apple M1/M2", words("Unified"), "Medium models", "2-4x faster", sized=False),
)

GROWTH = (
    _growth("1-10", "100-1,000", "8", "16 GB", "50 GB"),
    _growth("10-50", "1,000-5,000", "16", "32 GB", "100 GB"),
    _growth("50-200", "5,000-20,000", "32", "64 GB", "200 GB"),
    _growth("200-1,000", "20,000-100,000", "64+", "128 GB+", "500 GB+"),
)


def blocks() -> tuple[Block, ...]:
    """Return the blocks of use, allotment and growth, in the document's order."""
    containers = "Docker Container Allocation"
    return (
        table("003-agent-cpu", "CPU Usage", ("Agent", "Idle", "Active", "Burst"), AGENT_CPU),
        table(
            "003-agent-memory",
            "Memory Usage",
            ("Agent", "Base", "Working Set", "Peak"),
            AGENT_MEMORY,
        ),
        table("003-disk-io", "Disk I/O", ("Component", "Read", "Write", "Total Daily"), DISK_IO),
        table(
            "003-containers",
            containers,
            ("Service", "CPU Limit", "Memory Limit", "Storage", "Notes"),
            CONTAINERS,
        ),
        points(
            "003-totals",
            containers,
            (("Total Minimum", TOTAL_MINIMUM), ("Total Recommended", TOTAL_RECOMMENDED)),
            title="Totals",
            kind=BlockKind.PROSE,
        ),
        table(
            "003-gpus",
            "GPU Acceleration (Optional)",
            ("GPU", "VRAM", "Model Support", "Performance"),
            GPUS,
        ),
        table(
            "003-growth",
            "Growth Projections",
            ("Users", "Daily Requests", "CPU Cores", "RAM", "Storage"),
            GROWTH,
        ),
    )
