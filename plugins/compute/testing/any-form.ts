import fc from 'fast-check';

type Arbitraries<T> = { readonly [Key in keyof T]: fc.Arbitrary<T[Key]> };

/** Some of the fields, those of `needed` always. */
const partly = <T extends object>(fields: Arbitraries<T>, ...needed: (keyof T & string)[]) =>
  fc.record(fields as never, { requiredKeys: needed as never });

/** A list whose entries differ in one field. */
const named = (entry: fc.Arbitrary<unknown>, key: string, most = 3) =>
  fc.uniqueArray(entry as fc.Arbitrary<Record<string, unknown>>, {
    selector: (one) => one[key],
    minLength: 1,
    maxLength: most,
  });

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
const word = fc.stringMatching(/^[a-zA-Z0-9 /$()._-]{1,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 3 });
const seconds = fc.integer({ min: 1, max: 600 });
const count = fc.integer({ min: 1, max: 9 });
const quantity = fc.constantFrom('1', '250m', '64Mi', '1.5Gi', '2k');
const path = name.map((step) => `/srv/${step}`);
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), name);
const yes = fc.constant(true);
const bound = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('25%', '50%'));

const key = partly({ name, key: name, isOptional: yes }, 'name', 'key');
const env = fc.oneof(
  fc.record({ name, value: fc.oneof(word, fc.constant('')) }),
  fc.record({
    name,
    valueFrom: fc.oneof(
      fc.record({ configMapKey: key }),
      fc.record({ secretKey: key }),
      fc.record({ fieldPath: fc.constant('status.podIP') }),
      fc.record({
        resource: partly({ container: name, resource: fc.constant('limits.cpu'), divisor: quantity }, 'resource'),
      }),
    ),
  }),
);
const bulk = fc.oneof(
  partly({ configMap: name, prefix: name, isOptional: yes }, 'configMap'),
  partly({ secret: name, prefix: name, isOptional: yes }, 'secret'),
);
const http = partly(
  { path, port, host: name, headers: fc.array(fc.record({ name, value: word }), { minLength: 1, maxLength: 2 }) },
  'path',
  'port',
);
const exec = fc.record({ command: words });
const numbers = {
  initialDelaySeconds: seconds,
  timeoutSeconds: seconds,
  periodSeconds: seconds,
  failureThreshold: count,
};
const action = fc.oneof(
  fc.record({ exec }),
  fc.record({ tcpSocket: partly({ port, host: name }, 'port') }),
  fc.record({ httpGet: http }),
  fc.record({ httpsGet: http }),
);
// Those that a form leaves out the profile says: they would be read back.
const probe = fc.record({ action, ...numbers, successThreshold: fc.constant(1) });
const handler = fc.oneof(fc.record({ exec }), fc.record({ httpGet: http }));
const amounts = fc.record(
  {
    cpu: quantity,
    memory: quantity,
    ephemeralStorage: quantity,
    // Those that have fields of their own would be read back there.
    others: named(fc.record({ name: name.filter((one) => one !== 'cpu' && one !== 'memory'), quantity }), 'name', 2),
  },
  { requiredKeys: ['memory'] },
);
const files = partly(
  { name, items: fc.array(fc.record({ key: name, path: name }), { minLength: 1, maxLength: 2 }), isOptional: yes },
  'name',
);
const volume = fc.record({
  name,
  source: fc.oneof(
    fc.record({ emptyDir: partly({ medium: fc.constant('MEMORY'), sizeLimit: quantity }) }),
    fc.record({ configMap: files }),
    fc.record({ secret: files }),
    fc.record({ hostPath: partly({ path, type: fc.constant('Directory') }, 'path') }),
    fc.record({ persistentVolumeClaim: partly({ claimName: name, isReadOnly: yes }, 'claimName') }),
  ),
});
const container = partly(
  {
    name,
    image: word,
    imagePullPolicy: fc.constantFrom('ALWAYS', 'IF_NOT_PRESENT', 'NEVER'),
    command: words,
    args: words,
    workingDir: path,
    stdin: fc.boolean(),
    tty: fc.boolean(),
    ports: named(
      partly(
        { containerPort: count, protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), name, hostPort: count },
        'containerPort',
      ),
      'containerPort',
    ),
    requests: amounts,
    limits: amounts,
    env: named(env, 'name'),
    envFrom: fc.array(bulk, { minLength: 1, maxLength: 2 }),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    postStart: handler,
    preStop: handler,
    volumeMounts: named(
      partly({ name, mountPath: path, subPath: name, isReadOnly: yes }, 'name', 'mountPath'),
      'mountPath',
    ),
    logDirectories: fc.constant(['/log/a', '/log/b']),
    dataDirectories: fc.constant(['/data/a']),
    logCollection: fc.record({
      standardOutput: fc.boolean(),
      files: fc.array(fc.record({ directory: path, pattern: word }), { minLength: 1, maxLength: 2 }),
      logStore: name,
      retentionDays: count,
    }),
    securityContext: fc.record(
      {
        runAsNonRoot: fc.boolean(),
        runAsUser: seconds,
        runAsGroup: seconds,
        readOnlyRootFilesystem: fc.boolean(),
        privileged: fc.boolean(),
        allowPrivilegeEscalation: fc.boolean(),
        addCapabilities: words,
        dropCapabilities: words,
      },
      { requiredKeys: ['runAsUser'] },
    ),
  },
  'name',
  'image',
);
const compared = fc.record({ key: name, operator: fc.constantFrom('GT', 'LT'), values: fc.constant(['7']) });
const rule = fc.oneof(
  fc.record({
    key: name,
    operator: fc.constantFrom('IN', 'NOT_IN'),
    values: fc.array(name, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key: name, operator: fc.constantFrom('EXISTS', 'DOES_NOT_EXIST') }),
);
const nodeRule = fc.oneof(rule, compared);
const weighted = nodeRule.chain((one) => count.map((weight) => ({ weight, ...one })));
const near = rule.map((one) => ({ ...one, topologyKey: 'zone' }));
const nearer = near.chain((one) => count.map((weight) => ({ weight, ...one })));
const rules = (one: fc.Arbitrary<unknown>, other: fc.Arbitrary<unknown>) =>
  fc.record(
    {
      required: fc.array(one, { minLength: 1, maxLength: 2 }),
      preferred: fc.array(other, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['required'] },
  );
const scheduling = partly(
  {
    node: name,
    nodeLabels: named(fc.record({ key: name, value: name }), 'key'),
    nodeAffinity: rules(nodeRule, weighted),
    podAffinity: rules(near, nearer),
    podAntiAffinity: rules(near, nearer),
    tolerations: fc.array(
      partly(
        {
          key: name,
          operator: fc.constantFrom('EQUAL', 'EXISTS'),
          value: word,
          effect: fc.constantFrom('NO_SCHEDULE', 'NO_EXECUTE'),
          tolerationSeconds: seconds,
        },
        'key',
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
  'node',
);
const template = fc
  .record(
    {
      containers: named(container, 'name', 2),
      initContainers: named(container, 'name', 2),
      volumes: named(volume, 'name'),
      restartPolicy: fc.constantFrom('ALWAYS', 'ON_FAILURE', 'NEVER'),
      terminationGracePeriodSeconds: seconds,
      scheduling,
      hostNetwork: yes,
      hostAliases: fc.array(fc.record({ ip: fc.constant('10.0.0.1'), hostnames: words }), {
        minLength: 1,
        maxLength: 2,
      }),
      imagePullSecrets: fc.array(name, { minLength: 1, maxLength: 2 }),
      serviceAccountName: name,
      priorityClassName: name,
    },
    { requiredKeys: ['containers', 'restartPolicy'] },
  )
  // A container is one or the other.
  .map((one) => ({
    ...one,
    ...(one.initContainers
      ? { initContainers: one.initContainers.map((init) => ({ ...init, name: `i-${String(init.name)}` })) }
      : {}),
  }));

const common = { minReadySeconds: seconds, revisionHistoryLimit: count };
const strategy = fc.oneof(
  partly({ type: fc.constantFrom('ROLLING', 'REPLACE', 'CUSTOM'), maxUnavailable: bound, maxSurge: bound }, 'type'),
  fc.record({ type: fc.constant('RECREATE') }),
  fc.record({
    type: fc.constantFrom('START_THEN_STOP', 'STOP_THEN_START'),
    batchSize: count,
    intervalSeconds: fc.integer({ min: 0, max: 60 }),
  }),
);
const replacement = fc.oneof(
  fc.record({ type: fc.constant('ON_DELETE') }),
  partly({ type: fc.constant('ROLLING'), maxUnavailable: bound }, 'type'),
);
const job = partly({
  completions: count,
  parallelism: count,
  backoffLimit: count,
  activeDeadlineSeconds: seconds,
  ttlSecondsAfterFinished: seconds,
  isSuspended: fc.boolean(),
});
const volumeClaimTemplates = named(
  partly(
    { name, storageClass: name, accessModes: fc.constant(['READ_WRITE_ONCE', 'READ_ONLY_MANY']), size: quantity },
    'name',
    'accessModes',
    'size',
  ),
  'name',
  2,
);
const inPlace = {
  podUpdatePolicy: fc.constantFrom('RECREATE', 'IN_PLACE_IF_POSSIBLE', 'IN_PLACE_ONLY'),
  gracePeriodSeconds: count,
};
const kind = fc.oneof(
  fc.record({
    advancedStatefulSet: partly(
      {
        replicas: count,
        serviceName: name,
        podManagementPolicy: fc.constantFrom('ORDERED_READY', 'PARALLEL'),
        strategy: fc.oneof(
          fc.record({ type: fc.constant('ON_DELETE') }),
          partly(
            {
              type: fc.constant('ROLLING'),
              maxUnavailable: bound,
              partition: count,
              minReadySeconds: count,
              ...inPlace,
            },
            'type',
          ),
        ),
        revisionHistoryLimit: count,
        volumeClaimTemplates,
      },
      'replicas',
      'serviceName',
      'podManagementPolicy',
    ),
  }),
  fc.record({
    cloneSet: partly(
      {
        replicas: count,
        strategy: partly({ maxUnavailable: bound, maxSurge: bound, partition: bound, ...inPlace }, 'podUpdatePolicy'),
        ...common,
        progressDeadlineSeconds: seconds,
        volumeClaimTemplates,
      },
      'replicas',
    ),
  }),
  fc.record({
    deployment: partly(
      {
        replicas: fc.integer({ min: 9, max: 20 }),
        strategy,
        revisionHistoryLimit: count,
        progressDeadlineSeconds: seconds,
      },
      'replicas',
    ),
  }),
  fc.record({
    statefulSet: partly(
      {
        replicas: count,
        serviceName: name,
        podManagementPolicy: fc.constantFrom('ORDERED_READY', 'PARALLEL'),
        strategy: replacement,
        ...common,
        volumeClaimTemplates,
      },
      'replicas',
      'serviceName',
    ),
  }),
  fc.record({ daemonSet: partly({ strategy: replacement, ...common }) }),
  fc.record({ job }),
  fc.record({
    cronJob: partly(
      {
        schedule: fc.constant('0 3 * * *'),
        timeZone: fc.constant('Asia/Shanghai'),
        concurrencyPolicy: fc.constantFrom('ALLOW', 'FORBID', 'REPLACE'),
        startingDeadlineSeconds: seconds,
        isSuspended: fc.boolean(),
        successfulJobsHistoryLimit: count,
        failedJobsHistoryLimit: count,
        job,
      },
      'schedule',
      'job',
    ),
  }),
  fc.record({ pod: partly({ activeDeadlineSeconds: seconds }) }),
);

/** Forms that say everything as the cluster keeps it, so that what is read back is the same. */
export const anyForm: fc.Arbitrary<{ readonly kind: object; readonly template: object }> = fc.record({
  kind,
  template,
}) as never;
