import type { Capability } from '../cluster.ts';
import type { ServedApi } from './served-api.ts';

interface CapabilityRow {
  readonly name: string;
  readonly engine: string;
  /** All of these resources must be served, each in one of its versions. */
  readonly detect: readonly { readonly group: string; readonly versions: readonly string[]; readonly plural: string }[];
  readonly hint: string;
}

const kruise = ['v1beta1', 'v1alpha1'];

/** What the platform can do with which engine, and how discovery knows that the engine is there. */
export const capabilityTable: readonly CapabilityRow[] = [
  {
    name: 'in-place-update',
    engine: 'OpenKruise',
    detect: [{ group: 'apps.kruise.io', versions: kruise, plural: 'clonesets' }],
    hint: 'Install OpenKruise (openkruise.io); without it workloads are updated by replacing their pods.',
  },
  {
    name: 'container-restart',
    engine: 'OpenKruise',
    detect: [{ group: 'apps.kruise.io', versions: kruise, plural: 'containerrecreaterequests' }],
    hint: 'Install OpenKruise with its daemon (openkruise.io); without it a restart replaces the pod.',
  },
  {
    name: 'deployment-units',
    engine: 'OpenKruise',
    detect: [{ group: 'apps.kruise.io', versions: kruise, plural: 'uniteddeployments' }],
    hint: 'Install OpenKruise (openkruise.io); without it each unit is a Deployment of its own.',
  },
  {
    name: 'canary-traffic',
    engine: 'Kruise Rollouts',
    detect: [{ group: 'rollouts.kruise.io', versions: ['v1beta1'], plural: 'rollouts' }],
    hint: 'Install Kruise Rollouts (openkruise.io/rollouts); without it traffic is shifted by HTTPRoute weights.',
  },
  {
    name: 'load-balancing',
    engine: 'Gateway API',
    detect: [
      { group: 'gateway.networking.k8s.io', versions: ['v1'], plural: 'gateways' },
      { group: 'gateway.networking.k8s.io', versions: ['v1'], plural: 'httproutes' },
    ],
    hint: 'Install the Gateway API CRDs and an implementation (gateway-api.sigs.k8s.io); without it only Services of type LoadBalancer.',
  },
  {
    name: 'layer-4-load-balancing',
    engine: 'Gateway API',
    detect: [
      { group: 'gateway.networking.k8s.io', versions: ['v1', 'v1alpha2'], plural: 'tcproutes' },
      { group: 'gateway.networking.k8s.io', versions: ['v1', 'v1alpha2'], plural: 'udproutes' },
    ],
    hint: 'Install the Gateway API CRDs with TCPRoute and UDPRoute (gateway-api.sigs.k8s.io).',
  },
  {
    name: 'service-mesh',
    engine: 'Istio',
    detect: [{ group: 'networking.istio.io', versions: ['v1', 'v1beta1', 'v1alpha3'], plural: 'destinationrules' }],
    hint: 'Install Istio with its sidecar injector (istio.io); without it no pod is in a mesh.',
  },
  {
    name: 'vpc-network',
    engine: 'Kube-OVN',
    detect: ['vpcs', 'subnets', 'vpc-nat-gateways'].map((plural) => ({
      group: 'kubeovn.io',
      versions: ['v1'],
      plural,
    })),
    hint: 'Install Kube-OVN (kubeovn.github.io) as the network of this cluster.',
  },
  {
    name: 'multi-cluster',
    engine: 'Karmada',
    detect: [{ group: 'cluster.karmada.io', versions: ['v1alpha1'], plural: 'clusters' }],
    hint: 'Register a Karmada control plane (karmada.io); without it objects are applied to each cluster.',
  },
  {
    name: 'horizontal-autoscaling',
    engine: 'HorizontalPodAutoscaler',
    detect: [{ group: 'autoscaling', versions: ['v2'], plural: 'horizontalpodautoscalers' }],
    hint: 'Needs Kubernetes 1.23 or later.',
  },
  {
    name: 'event-autoscaling',
    engine: 'KEDA',
    detect: [{ group: 'keda.sh', versions: ['v1alpha1'], plural: 'scaledobjects' }],
    hint: 'Install KEDA (keda.sh); without it workloads scale by HorizontalPodAutoscaler only.',
  },
  {
    name: 'node-pools',
    engine: 'Cluster API',
    detect: [{ group: 'cluster.x-k8s.io', versions: ['v1beta2', 'v1beta1'], plural: 'machinedeployments' }],
    hint: 'Install Cluster API (cluster-api.sigs.k8s.io); without it nodes are read-only.',
  },
  {
    name: 'node-provisioning',
    engine: 'Karpenter',
    detect: [{ group: 'karpenter.sh', versions: ['v1'], plural: 'nodepools' }],
    hint: 'Install Karpenter (karpenter.sh); without it nodes are not provisioned on demand.',
  },
  {
    name: 'capacity-reserve',
    engine: 'CapacityBuffer',
    detect: [{ group: 'autoscaling.x-k8s.io', versions: ['v1beta1'], plural: 'capacitybuffers' }],
    hint: 'Install Cluster Autoscaler with the CapacityBuffer API; without it capacity is kept by balloon pods.',
  },
  {
    name: 'charts',
    engine: 'Flux',
    detect: [{ group: 'helm.toolkit.fluxcd.io', versions: ['v2'], plural: 'helmreleases' }],
    hint: 'Install Flux with its helm-controller (fluxcd.io); without it charts are listed from Helm Secrets only.',
  },
  {
    name: 'snapshots',
    engine: 'CSI snapshotter',
    detect: [{ group: 'snapshot.storage.k8s.io', versions: ['v1'], plural: 'volumesnapshots' }],
    hint: 'Install the CSI snapshot controller and its CRDs (kubernetes-csi.github.io/docs/snapshot-controller.html).',
  },
  {
    name: 'image-build',
    engine: 'BuildKit',
    detect: [{ group: 'batch', versions: ['v1'], plural: 'jobs' }],
    hint: 'Needs Jobs of batch/v1.',
  },
  {
    name: 'image-build-strategies',
    engine: 'Shipwright',
    detect: [{ group: 'shipwright.io', versions: ['v1beta1'], plural: 'buildruns' }],
    hint: 'Install Shipwright (shipwright.io); without it images are built by BuildKit Jobs.',
  },
  {
    name: 'live-usage',
    engine: 'metrics-server',
    detect: [{ group: 'metrics.k8s.io', versions: ['v1beta1'], plural: 'pods' }],
    hint: 'Install metrics-server (github.com/kubernetes-sigs/metrics-server); without it usage comes from Prometheus.',
  },
];

/** The table's answers for what a cluster serves. */
export function capabilitiesOf(api: ServedApi): Capability[] {
  return capabilityTable.map(({ name, engine, detect, hint }) => {
    const isInstalled = detect.every(({ group, versions, plural }) =>
      versions.some((version) => api.versions.get(`${group}/${version}`)?.has(plural) === true),
    );
    return { name, engine, isInstalled, hint: isInstalled ? undefined : hint };
  });
}
