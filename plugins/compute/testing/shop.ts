import {
  controlledBy,
  makeConfigMap,
  makeCronJob,
  makeDaemonSet,
  makeDeployment,
  makeJob,
  makeNode,
  makePod,
  makeReplicaSet,
  makeService,
  makeStatefulSet,
} from './make-objects.ts';

/** A small shop in namespace `shop` of cluster `c1`: every kind of compute, with what belongs together. */
const vote = makeDeployment({
  metadata: { name: 'vote', generation: 1, annotations: { 'deployment.kubernetes.io/revision': '2' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'vote' } },
    template: { spec: { containers: [{ name: 'web', image: 'vote:2' }] } },
  },
  status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
});
const oldVote = makeReplicaSet({
  metadata: { name: 'vote-1', annotations: { 'deployment.kubernetes.io/revision': '1' }, ...controlledBy(vote) },
  spec: { replicas: 0 },
});
const newVote = makeReplicaSet({
  metadata: { name: 'vote-2', annotations: { 'deployment.kubernetes.io/revision': '2' }, ...controlledBy(vote) },
  spec: { replicas: 2 },
});
const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const votePods = ['a', 'b'].map((suffix) =>
  makePod({
    metadata: { name: `vote-2-${suffix}`, labels: { app: 'vote' }, ...controlledBy(newVote) },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'vote:2' }] },
    status: ready,
  }),
);
const db = makeStatefulSet({ metadata: { name: 'db' }, spec: { replicas: 1 } });
const dbPod = makePod({
  metadata: { name: 'db-0', labels: { app: 'db' }, ...controlledBy(db) },
  spec: { nodeName: 'node-2', containers: [{ name: 'db', image: 'db:1' }] },
  status: { phase: 'Pending' },
});
const agent = makeDaemonSet({ metadata: { name: 'agent' } });
const backup = makeCronJob({ metadata: { name: 'backup' }, spec: { schedule: '0 3 * * *' } });
const backupJob = makeJob({ metadata: { name: 'backup-100', ...controlledBy(backup) } });
const backupPod = makePod({
  metadata: { name: 'backup-100-x', ...controlledBy(backupJob) },
  status: { phase: 'Succeeded' },
});
const barePod = makePod({ metadata: { name: 'bare', labels: { app: 'vote' } }, status: { phase: 'Running' } });
const bareSet = makeReplicaSet({ metadata: { name: 'bare-set' }, spec: { replicas: 0 } });
const nodes = ['node-1', 'node-2'].map((name) => makeNode({ metadata: { name } }));
const voteService = makeService({ metadata: { name: 'vote' }, spec: { selector: { app: 'vote' } } });
const emptyService = makeService({ metadata: { name: 'by-hand' }, spec: {} });
const settings = makeConfigMap({ metadata: { name: 'settings' }, data: { mode: 'fast' } });

export const shop = {
  vote,
  oldVote,
  newVote,
  votePods,
  db,
  dbPod,
  agent,
  backup,
  backupJob,
  backupPod,
  barePod,
  bareSet,
  nodes,
  voteService,
  emptyService,
  settings,
};

export const shopObjects = Object.values(shop).flat();
