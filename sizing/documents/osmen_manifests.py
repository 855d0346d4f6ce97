"""Document 003's Compose and Kubernetes files, line by line.

Source: document-003, 2024-11-18. What they set is typed in `osmen_settings`.
"""

from __future__ import annotations

COMPOSE_LIMITS_LINES = (
    "# Update docker-compose.yml",
    "services:",
    "  gateway:",
    "    deploy:",
    "      resources:",
    "        limits:",
    "          cpus: '4'  # Increase from 2",
    "          memory: 8G  # Increase from 4G",
)
"""A gateway's limits before and after scaling up."""

COMPOSE_REPLICAS_LINES = (
    "# docker-compose.scale.yml",
    "version: '3.8'",
    "",
    "services:",
    "  gateway:",
    "    image: osmen/gateway:latest",
    "    deploy:",
    "      replicas: 3  # Multiple instances",
    "    environment:",
    "      - REDIS_HOST=redis  # Shared cache",
    "      - POSTGRES_HOST=postgres  # Shared DB",
    "",
    "  nginx:",
    "    image: nginx:alpine",
    "    ports:",
    '      - "8080:80"',
    "    volumes:",
    "      - ./nginx.conf:/etc/nginx/nginx.conf",
    "    depends_on:",
    "      - gateway",
)
"""Several gateways and their load balancer."""

DEPLOYMENT_LINES = (
    "# k8s/gateway-deployment.yaml",
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    "  name: osmen-gateway",
    "spec:",
    "  replicas: 3",
    "  selector:",
    "    matchLabels:",
    "      app: osmen-gateway",
    "  template:",
    "    metadata:",
    "      labels:",
    "        app: osmen-gateway",
    "    spec:",
    "      containers:",
    "      - name: gateway",
    "        image: osmen/gateway:latest",
    "        resources:",
    "          requests:",
    '            memory: "2Gi"',
    '            cpu: "1"',
    "          limits:",
    '            memory: "4Gi"',
    '            cpu: "2"',
    "        ports:",
    "        - containerPort: 8080",
    "---",
    "apiVersion: autoscaling/v2",
    "kind: HorizontalPodAutoscaler",
    "metadata:",
    "  name: osmen-gateway-hpa",
    "spec:",
    "  scaleTargetRef:",
    "    apiVersion: apps/v1",
    "    kind: Deployment",
    "    name: osmen-gateway",
    "  minReplicas: 3",
    "  maxReplicas: 10",
    "  metrics:",
    "  - type: Resource",
    "    resource:",
    "      name: cpu",
    "      target:",
    "        type: Utilization",
    "        averageUtilization: 70",
)
"""The gateway's Deployment and HorizontalPodAutoscaler."""
