import { expect } from 'vitest';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';

const { conformanceCase } = conformanceArea('columns');

/** Path of the collection, the columns that are always shown, and those of `-o wide`. Columns that are no text say what they are. */
const tables: readonly (readonly [path: string, shown: string, wide: string])[] = [
  ['/api/v1/configmaps', 'Name, Data, Age', ''],
  ['/api/v1/endpoints', 'Name, Endpoints, Age', ''],
  ['/api/v1/events', 'Last Seen, Type, Reason, Object, Message', 'Subobject, Source, First Seen, Count, Name'],
  ['/api/v1/limitranges', 'Name, Created At:date', ''],
  ['/api/v1/namespaces', 'Name, Status, Age', ''],
  [
    '/api/v1/nodes',
    'Name, Status, Roles, Age, Version',
    'Internal-IP, External-IP, OS-Image, Kernel-Version, Container-Runtime',
  ],
  [
    '/api/v1/persistentvolumeclaims',
    'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age',
    'VolumeMode',
  ],
  [
    '/api/v1/persistentvolumes',
    'Name, Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age',
    'VolumeMode',
  ],
  ['/api/v1/pods', 'Name, Ready, Status, Restarts, Age', 'IP, Node, Nominated Node, Readiness Gates'],
  ['/api/v1/podtemplates', 'Name, Containers, Images, Pod Labels', ''],
  [
    '/api/v1/replicationcontrollers',
    'Name, Desired:integer, Current:integer, Ready:integer, Age',
    'Containers, Images, Selector',
  ],
  ['/api/v1/resourcequotas', 'Name, Request, Limit, Age', ''],
  ['/api/v1/secrets', 'Name, Type, Data, Age', ''],
  ['/api/v1/serviceaccounts', 'Name, Age', ''],
  ['/api/v1/services', 'Name, Type, Cluster-IP, External-IP, Port(s), Age', 'Selector'],
  ['/apis/apps/v1/controllerrevisions', 'Name, Controller, Revision, Age', ''],
  [
    '/apis/apps/v1/daemonsets',
    'Name, Desired:integer, Current:integer, Ready:integer, Up-to-date:integer, Available:integer, Node Selector, Age',
    'Containers, Images, Selector',
  ],
  ['/apis/apps/v1/deployments', 'Name, Ready, Up-to-date, Available, Age', 'Containers, Images, Selector'],
  [
    '/apis/apps/v1/replicasets',
    'Name, Desired:integer, Current:integer, Ready:integer, Age',
    'Containers, Images, Selector',
  ],
  ['/apis/apps/v1/statefulsets', 'Name, Ready, Age', 'Containers, Images'],
  ['/apis/autoscaling/v2/horizontalpodautoscalers', 'Name, Reference, Targets, MinPods, MaxPods, Replicas, Age', ''],
  ['/apis/autoscaling/v1/horizontalpodautoscalers', 'Name, Reference, Targets, MinPods, MaxPods, Replicas, Age', ''],
  [
    '/apis/batch/v1/cronjobs',
    'Name, Schedule, Timezone, Suspend:boolean, Active:integer, Last Schedule, Age',
    'Containers, Images, Selector',
  ],
  ['/apis/batch/v1/jobs', 'Name, Status, Completions, Duration, Age', 'Containers, Images, Selector'],
  [
    '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    'Name, Age, SignerName, Requestor, RequestedDuration, Condition',
    '',
  ],
  ['/apis/coordination.k8s.io/v1/leases', 'Name, Holder, Age', ''],
  ['/apis/discovery.k8s.io/v1/endpointslices', 'Name, AddressType, Ports, Endpoints, Age', ''],
  ['/apis/networking.k8s.io/v1/ingressclasses', 'Name, Controller, Parameters, Age', ''],
  ['/apis/networking.k8s.io/v1/ingresses', 'Name, Class, Hosts, Address, Ports, Age', ''],
  ['/apis/networking.k8s.io/v1/networkpolicies', 'Name, Pod-Selector, Age', ''],
  ['/apis/node.k8s.io/v1/runtimeclasses', 'Name, Handler, Age', ''],
  [
    '/apis/policy/v1/poddisruptionbudgets',
    'Name, Min Available, Max Unavailable, Allowed Disruptions:integer, Age',
    '',
  ],
  ['/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', 'Name, Role, Age', 'Users, Groups, ServiceAccounts'],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', 'Name, Created At:date', ''],
  ['/apis/rbac.authorization.k8s.io/v1/rolebindings', 'Name, Role, Age', 'Users, Groups, ServiceAccounts'],
  ['/apis/rbac.authorization.k8s.io/v1/roles', 'Name, Created At:date', ''],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    'Name, Value:integer, Global-Default:boolean, Age, PreemptionPolicy',
    '',
  ],
  [
    '/apis/storage.k8s.io/v1/csidrivers',
    'Name, AttachRequired:boolean, PodInfoOnMount:boolean, StorageCapacity:boolean, TokenRequests, RequiresRepublish:boolean, Modes, Age',
    '',
  ],
  ['/apis/storage.k8s.io/v1/csinodes', 'Name, Drivers:integer, Age', ''],
  ['/apis/storage.k8s.io/v1/csistoragecapacities', 'Name, Created At:date', ''],
  [
    '/apis/storage.k8s.io/v1/storageclasses',
    'Name, Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age',
    '',
  ],
  ['/apis/storage.k8s.io/v1/volumeattachments', 'Name, Attacher, PV, Node, Attached:boolean, Age', ''],
  ['/apis/storage.k8s.io/v1/volumeattributesclasses', 'Name, DriverName, Age', ''],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'Name, Created At:date', ''],
];

conformanceCase(
  {
    title: 'prints each built-in kind in the columns of its own',
    source:
      'reference/using-api/api-concepts: receiving resources as tables; upstream test: pkg/printers/internalversion',
  },
  async ({ api }) => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const columnsOf = async (path: string): Promise<[path: string, shown: string, wide: string]> => {
      const { columnDefinitions } = await api
        .call('GET', path, { headers: { accept }, query: { limit: '1' } })
        .then(({ body }) => body);
      const print = (isWide: boolean): string =>
        columnDefinitions
          .filter(({ priority }: Json) => priority > 0 === isWide)
          .map(({ name, type }: Json) => (type === 'string' ? name : `${name}:${type}`))
          .join(', ');
      return [path, print(false), print(true)];
    };
    expect(await Promise.all(tables.map(([path]) => columnsOf(path)))).toEqual(tables);
  },
);
