import { UpstreamError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { admin, createWorld, member, stranger } from '../testing/create-world.ts';
import { makeNode, makePod } from '../testing/make-objects.ts';

async function read(source: string, as = admin): Promise<unknown> {
  const { data, errors } = await createWorld().run(source, as);
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

describe('pods', () => {
  it('come with their workload, node and Services in one query', async () => {
    const data = await read(`{
      pods(filter: { namespaces: ["shop"] }, orderBy: [{ field: NAME, direction: ASC }]) {
        totalCount
        nodes { name phase reason readiness isReady
          workload { __typename name status }
          node { name podCount }
          services { nodes { name } }
          controlledBy { kind name } }
      }
    }`);
    expect(data).toMatchInlineSnapshot(`
      {
        "pods": {
          "nodes": [
            {
              "controlledBy": {
                "kind": "Job",
                "name": "backup-100",
              },
              "isReady": false,
              "name": "backup-100-x",
              "node": null,
              "phase": "SUCCEEDED",
              "readiness": "0/0",
              "reason": "Succeeded",
              "services": {
                "nodes": [],
              },
              "workload": {
                "__typename": "CronJob",
                "name": "backup",
                "status": "RUNNING",
              },
            },
            {
              "controlledBy": null,
              "isReady": false,
              "name": "bare",
              "node": null,
              "phase": "RUNNING",
              "readiness": "0/0",
              "reason": "Running",
              "services": {
                "nodes": [
                  {
                    "name": "vote",
                  },
                ],
              },
              "workload": null,
            },
            {
              "controlledBy": {
                "kind": "StatefulSet",
                "name": "db",
              },
              "isReady": false,
              "name": "db-0",
              "node": {
                "name": "node-2",
                "podCount": 1,
              },
              "phase": "PENDING",
              "readiness": "0/1",
              "reason": "Pending",
              "services": {
                "nodes": [],
              },
              "workload": {
                "__typename": "StatefulSet",
                "name": "db",
                "status": "DEPLOYING",
              },
            },
            {
              "controlledBy": {
                "kind": "ReplicaSet",
                "name": "vote-2",
              },
              "isReady": true,
              "name": "vote-2-a",
              "node": {
                "name": "node-1",
                "podCount": 2,
              },
              "phase": "RUNNING",
              "readiness": "0/1",
              "reason": "Running",
              "services": {
                "nodes": [
                  {
                    "name": "vote",
                  },
                ],
              },
              "workload": {
                "__typename": "Deployment",
                "name": "vote",
                "status": "RUNNING",
              },
            },
            {
              "controlledBy": {
                "kind": "ReplicaSet",
                "name": "vote-2",
              },
              "isReady": true,
              "name": "vote-2-b",
              "node": {
                "name": "node-1",
                "podCount": 2,
              },
              "phase": "RUNNING",
              "readiness": "0/1",
              "reason": "Running",
              "services": {
                "nodes": [
                  {
                    "name": "vote",
                  },
                ],
              },
              "workload": {
                "__typename": "Deployment",
                "name": "vote",
                "status": "RUNNING",
              },
            },
          ],
          "totalCount": 5,
        },
      }
    `);
  });

  it.each([
    ['phases: [PENDING]', ['db-0']],
    ['node: "node-1"', ['vote-2-a', 'vote-2-b']],
    ['ready: true', ['vote-2-a', 'vote-2-b']],
    ['ready: false, phases: [RUNNING]', ['bare']],
    ['labelSelector: "app=db"', ['db-0']],
    ['name: { contains: "BACK" }', ['backup-100-x']],
  ])('are filtered by { %s }', async (filter, names) => {
    const data = await read(`{ pods(filter: { ${filter} }) { nodes { name } } }`);
    expect(data).toEqual({ pods: { nodes: names.map((name) => ({ name })) } });
  });

  it('are filtered by the workload on top', async () => {
    const { workload } = (await read(
      '{ workload(cluster: "c1", kind: DEPLOYMENT, namespace: "shop", name: "vote") { id } }',
    )) as {
      workload: { id: string };
    };
    const data = await read(`{ pods(filter: { workloadId: "${workload.id}" }) { nodes { name } } }`);
    expect(data).toEqual({ pods: { nodes: [{ name: 'vote-2-a' }, { name: 'vote-2-b' }] } });
  });

  it('are those of the own namespaces for a member (CORE-11)', async () => {
    expect(await read('{ pods { totalCount } }', member)).toEqual({ pods: { totalCount: 5 } });
  });

  it('are none for a member of other namespaces (refused, CORE-11)', async () => {
    expect(await read('{ pods { totalCount } }', stranger)).toEqual({ pods: { totalCount: 0 } });
  });

  it.each([
    ['a pod that is not there', 'cluster: "c1", namespace: "shop", name: "gone"', admin],
    ['a pod that is not for the caller', 'cluster: "c1", namespace: "shop", name: "bare"', stranger],
    ['a cluster that is not there', 'cluster: "c9", namespace: "shop", name: "bare"', admin],
  ])('are null one by one for %s (CMP-83, refused)', async (_name, args, as) => {
    expect(await read(`{ pod(${args}) { name } }`, as)).toEqual({ pod: null });
  });

  it('show containers as a console needs them', async () => {
    const pod = makePod({
      metadata: { name: 'full' },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'vote:2',
            ports: [{ containerPort: 80 }],
            env: [
              { name: 'MODE', value: 'fast' },
              { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
            ],
            envFrom: [{ secretRef: { name: 's' } }],
            resources: {
              requests: { cpu: '250m', memory: '64Mi', 'nvidia.com/gpu': '1' },
              limits: { memory: '128Mi' },
            },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
            readinessProbe: { httpGet: { port: 'http', path: '/up' } },
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'vote-data' } }],
      },
      status: {
        phase: 'Running',
        qosClass: 'Burstable',
        containerStatuses: [
          {
            name: 'web',
            ready: false,
            started: false,
            restartCount: 3,
            imageID: 'vote@sha256:1',
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:01:00Z' } },
          },
        ],
      },
    });
    const { data, errors } = await createWorld({ objects: [pod] }).run(`{
      pod(cluster: "c1", namespace: "shop", name: "full") {
        reason message qosClass restartPolicy restartCount lastRestartedAt cpuRequestMillicores memoryLimitBytes
        volumes { name type sourceName }
        containers { name image imageID state stateReason isReady restartCount
          lastState { state reason exitCode finishedAt }
          ports { containerPort protocol } env { name source value sourceName sourceKey } envFrom { type name }
          requests { cpu cpuMillicores memoryBytes others { name quantity } } limits { cpu memoryBytes }
          volumeMounts { name mountPath isReadOnly } readinessProbe { action path port periodSeconds } livenessProbe { action } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toMatchInlineSnapshot(`
      {
        "pod": {
          "containers": [
            {
              "env": [
                {
                  "name": "MODE",
                  "source": "LITERAL",
                  "sourceKey": null,
                  "sourceName": null,
                  "value": "fast",
                },
                {
                  "name": "PASSWORD",
                  "source": "SECRET_KEY",
                  "sourceKey": "k",
                  "sourceName": "s",
                  "value": null,
                },
              ],
              "envFrom": [
                {
                  "name": "s",
                  "type": "SECRET",
                },
              ],
              "image": "vote:2",
              "imageID": "vote@sha256:1",
              "isReady": false,
              "lastState": {
                "exitCode": 1,
                "finishedAt": "2026-01-01T00:01:00.000Z",
                "reason": "Error",
                "state": "TERMINATED",
              },
              "limits": {
                "cpu": null,
                "memoryBytes": 134217728,
              },
              "livenessProbe": null,
              "name": "web",
              "ports": [
                {
                  "containerPort": 80,
                  "protocol": "TCP",
                },
              ],
              "readinessProbe": {
                "action": "HTTP_GET",
                "path": "/up",
                "periodSeconds": 10,
                "port": "http",
              },
              "requests": {
                "cpu": "250m",
                "cpuMillicores": 250,
                "memoryBytes": 67108864,
                "others": [
                  {
                    "name": "nvidia.com/gpu",
                    "quantity": "1",
                  },
                ],
              },
              "restartCount": 3,
              "state": "WAITING",
              "stateReason": "CrashLoopBackOff",
              "volumeMounts": [
                {
                  "isReadOnly": false,
                  "mountPath": "/data",
                  "name": "data",
                },
              ],
            },
          ],
          "cpuRequestMillicores": 250,
          "lastRestartedAt": "2026-01-01T00:01:00.000Z",
          "memoryLimitBytes": 134217728,
          "message": "back-off",
          "qosClass": "BURSTABLE",
          "reason": "CrashLoopBackOff",
          "restartCount": 3,
          "restartPolicy": "ALWAYS",
          "volumes": [
            {
              "name": "data",
              "sourceName": "vote-data",
              "type": "PERSISTENT_VOLUME_CLAIM",
            },
          ],
        },
      }
    `);
  });
});

describe('workloads', () => {
  it('leave out what another workload owns', async () => {
    const data = await read('{ workloads { nodes { kind name } } }');
    expect(data).toEqual({
      workloads: {
        nodes: [
          { kind: 'DaemonSet', name: 'agent' },
          { kind: 'CronJob', name: 'backup' },
          { kind: 'ReplicaSet', name: 'bare-set' },
          { kind: 'StatefulSet', name: 'db' },
          { kind: 'Deployment', name: 'vote' },
        ],
      },
    });
  });

  it.each([
    ['includeOwned: true', ['agent', 'backup', 'backup-100', 'bare-set', 'db', 'vote', 'vote-1', 'vote-2']],
    ['kinds: [REPLICA_SET]', ['bare-set']],
    ['kinds: [REPLICA_SET], includeOwned: true', ['bare-set', 'vote-1', 'vote-2']],
    ['statuses: [RUNNING]', ['backup', 'vote']],
    ['kinds: []', []],
  ])('are filtered by { %s }', async (filter, names) => {
    const data = await read(`{ workloads(filter: { ${filter} }) { nodes { name } } }`);
    expect(data).toEqual({ workloads: { nodes: names.map((name) => ({ name })) } });
  });

  it('show their pods and what lies between', async () => {
    const data = await read(`{
      deployment: workload(cluster: "c1", kind: DEPLOYMENT, namespace: "shop", name: "vote") {
        __typename status desiredReplicas readyReplicas images selector pods { nodes { name } }
        ... on Deployment { replicas revision strategy isPaused replicaSets { nodes { name revision deployment { name } } } }
      }
      cronJob: workload(cluster: "c1", kind: CRON_JOB, namespace: "shop", name: "backup") {
        __typename status desiredReplicas selector pods { nodes { name } }
        ... on CronJob { schedule jobs { nodes { name cronJob { name } } } }
      }
      wrongKind: workload(cluster: "c1", kind: STATEFUL_SET, namespace: "shop", name: "vote") { name }
    }`);
    expect(data).toMatchInlineSnapshot(`
      {
        "cronJob": {
          "__typename": "CronJob",
          "desiredReplicas": null,
          "jobs": {
            "nodes": [
              {
                "cronJob": {
                  "name": "backup",
                },
                "name": "backup-100",
              },
            ],
          },
          "pods": {
            "nodes": [
              {
                "name": "backup-100-x",
              },
            ],
          },
          "schedule": "0 3 * * *",
          "selector": null,
          "status": "RUNNING",
        },
        "deployment": {
          "__typename": "Deployment",
          "desiredReplicas": 2,
          "images": [
            "vote:2",
          ],
          "isPaused": false,
          "pods": {
            "nodes": [
              {
                "name": "vote-2-a",
              },
              {
                "name": "vote-2-b",
              },
            ],
          },
          "readyReplicas": 2,
          "replicaSets": {
            "nodes": [
              {
                "deployment": {
                  "name": "vote",
                },
                "name": "vote-2",
                "revision": 2,
              },
              {
                "deployment": {
                  "name": "vote",
                },
                "name": "vote-1",
                "revision": 1,
              },
            ],
          },
          "replicas": 2,
          "revision": 2,
          "selector": "app=vote",
          "status": "RUNNING",
          "strategy": "ROLLING_UPDATE",
        },
        "wrongKind": null,
      }
    `);
  });
});

describe('clusterNodes', () => {
  const control = makeNode({
    metadata: { name: 'n1', labels: { 'node-role.kubernetes.io/control-plane': '' } },
    spec: { unschedulable: true, providerID: 'aws:///eu-west-1a/i-0abc' },
    status: {
      allocatable: { cpu: '2', memory: '10Gi', pods: '2' },
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
      images: [{ names: ['web:1', 'web@sha256:0'], sizeBytes: 1_000 }],
      nodeInfo: { kernelVersion: '6.12', operatingSystem: 'linux', osImage: 'Debian', architecture: 'amd64' },
    },
  });
  const hidden = makePod({
    metadata: { name: 'hidden', namespace: 'elsewhere' },
    spec: { nodeName: 'n1', containers: [{ name: 'web', resources: { requests: { cpu: '1', memory: '5Gi' } } }] },
    status: { phase: 'Running' },
  });
  const readNodes = async (source: string, as = member) => {
    const { data, errors } = await createWorld({
      objects: [control, makeNode({ metadata: { name: 'n2' } }), hidden],
    }).run(source, as);
    expect(errors).toBeUndefined();
    return (JSON.parse(JSON.stringify(data)) as { clusterNodes: { nodes: object[] } }).clusterNodes.nodes;
  };

  it('have name, address, state and whether they take pods, and are found by that (CMP-19, CMP-20, CMP-21)', async () => {
    const fields = 'name type state schedulingState internalIP';
    const [one, two] = await readNodes(
      `{ clusterNodes { nodes { ${fields} images { names sizeBytes } providerID osImage kernelVersion architecture os } } }`,
    );
    expect(one).toEqual({
      ...{ name: 'n1', type: 'MASTER', state: 'READY', schedulingState: 'UNSCHEDULABLE', internalIP: '10.0.0.1' },
      ...{ images: [{ names: ['web:1', 'web@sha256:0'], sizeBytes: 1_000 }], providerID: 'aws:///eu-west-1a/i-0abc' },
      ...{ osImage: 'Debian', kernelVersion: '6.12', architecture: 'amd64', os: 'linux' },
    });
    expect(two).toMatchObject({ type: 'WORKER', state: 'UNKNOWN', schedulingState: 'SCHEDULABLE', images: [] });
    for (const filter of ['types: [WORKER]', 'states: [UNKNOWN]', 'schedulable: true']) {
      expect(await readNodes(`{ clusterNodes(filter: { ${filter} }) { nodes { name } } }`)).toEqual([{ name: 'n2' }]);
    }
  });

  it.each([
    ['one that is not there', 'cluster: "c1", name: "n9"'],
    ['a cluster that is not there', 'cluster: "c9", name: "n1"'],
    ['no name', 'cluster: "c1", name: ""'],
  ])('are null one by one for %s (CMP-21, bad input)', async (_what, args) => {
    const { data, errors } = await createWorld().run(`{ clusterNode(${args}) { name } }`);
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toEqual({ clusterNode: null });
  });

  it('are as full for a member as they are for everybody, though its pods stay unseen (CMP-22)', async () => {
    const source = `{ clusterNodes { nodes { podCount allocation { cpuRequestedMillicores cpuAllocatableMillicores cpuPercent
      memoryRequestedBytes memoryAllocatableBytes memoryPercent podCount podsAllocatable podsPercent } } } }`;
    const [one, two] = await readNodes(source);
    expect(one).toEqual({
      podCount: 0,
      allocation: {
        ...{ cpuRequestedMillicores: 1_000, cpuAllocatableMillicores: 2_000, cpuPercent: 50 },
        ...{ memoryRequestedBytes: 5 * 1_024 ** 3, memoryAllocatableBytes: 10 * 1_024 ** 3, memoryPercent: 50 },
        ...{ podCount: 1, podsAllocatable: 2, podsPercent: 50 },
      },
    });
    expect(two).toMatchObject({ allocation: { podCount: 0, podsAllocatable: null, podsPercent: null } });
  });

  it('keep what else is known of them where their pods cannot be read (CMP-21, CMP-22) (refused)', async () => {
    const failure = new UpstreamError("cluster 'c1'", "Cluster 'c1' does not answer");
    const { data, errors } = await createWorld({ failure }).run(
      '{ clusterNodes { nodes { name allocation { podCount } } } }',
    );
    expect(JSON.parse(JSON.stringify(data))).toMatchObject({
      clusterNodes: { nodes: [{ name: 'node-1', allocation: null }, {}] },
    });
    expect(errors).toMatchObject([{ message: "Cluster 'c1' does not answer" }, {}]);
  });

  it('are seen by every member, with the pods that the member may see', async () => {
    const source = '{ clusterNodes { nodes { name podCount pods { nodes { name } } } } }';
    const names = ['vote-2-a', 'vote-2-b'].map((name) => ({ name }));
    expect(await read(source, member)).toEqual({
      clusterNodes: {
        nodes: [
          { name: 'node-1', podCount: 2, pods: { nodes: names } },
          { name: 'node-2', podCount: 1, pods: { nodes: [{ name: 'db-0' }] } },
        ],
      },
    });
    expect(await read(source, stranger)).toEqual({
      clusterNodes: {
        nodes: [
          { name: 'node-1', podCount: 0, pods: { nodes: [] } },
          { name: 'node-2', podCount: 0, pods: { nodes: [] } },
        ],
      },
    });
  });
});

describe('services and configMaps', () => {
  it('show what belongs to them', async () => {
    const data = await read(`{
      services { nodes { name type rawType selector { key value } pods { totalCount } } }
      service(cluster: "c1", namespace: "shop", name: "vote") { name }
      configMap(cluster: "c1", namespace: "shop", name: "settings") { keys { key byteLength isBinary } data { key value } isImmutable }
      configMaps(filter: { cluster: "c9" }) { totalCount problems { cluster code } }
    }`);
    expect(data).toMatchInlineSnapshot(`
      {
        "configMap": {
          "data": [
            {
              "key": "mode",
              "value": "fast",
            },
          ],
          "isImmutable": false,
          "keys": [
            {
              "byteLength": 4,
              "isBinary": false,
              "key": "mode",
            },
          ],
        },
        "configMaps": {
          "problems": [
            {
              "cluster": "c9",
              "code": "CLUSTER_NOT_FOUND",
            },
          ],
          "totalCount": 0,
        },
        "service": {
          "name": "vote",
        },
        "services": {
          "nodes": [
            {
              "name": "by-hand",
              "pods": {
                "totalCount": 0,
              },
              "rawType": "ClusterIP",
              "selector": [],
              "type": "CLUSTER_IP",
            },
            {
              "name": "vote",
              "pods": {
                "totalCount": 3,
              },
              "rawType": "ClusterIP",
              "selector": [
                {
                  "key": "app",
                  "value": "vote",
                },
              ],
              "type": "CLUSTER_IP",
            },
          ],
        },
      }
    `);
  });
});

describe('a relation that a cluster cannot answer', () => {
  const world = createWorld({ failure: new UpstreamError("cluster 'c1'", "Cluster 'c1' does not answer") });
  const problems = [{ code: 'UPSTREAM_UNAVAILABLE', message: "Cluster 'c1' does not answer" }];

  it('is a problem of its list and blanks nothing around it', async () => {
    const { data, errors } = await world.run(`{
      clusterNode(cluster: "c1", name: "node-1") { name pods { totalCount problems { code message } } }
      workload(cluster: "c1", kind: DEPLOYMENT, namespace: "shop", name: "vote") { name pods { problems { code message } } }
    }`);
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      clusterNode: { name: 'node-1', pods: { totalCount: 0, problems } },
      workload: { name: 'vote', pods: { problems } },
    });
  });

  it('leaves a number that nobody knows null, with the reason', async () => {
    const { data, errors } = await world.run('{ clusterNode(cluster: "c1", name: "node-1") { name podCount } }');
    expect(JSON.parse(JSON.stringify(data))).toEqual({ clusterNode: { name: 'node-1', podCount: null } });
    expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: "Cluster 'c1' does not answer", path: ['clusterNode', 'podCount'] },
    ]);
  });
});
