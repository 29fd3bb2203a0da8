import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StackFormat } from '../../api.ts';
import { readText } from '../../testing/read-text.ts';
import { orderApps } from './order-apps.ts';
import { splitImage } from './split-image.ts';
import { splitWords } from './split-words.ts';
import { at } from './template-parts.ts';

const issuesOf = async (format: StackFormat, text: string): Promise<readonly string[]> =>
  (await readText(format, text)).issues.map(
    ({ path, code, line, column }) => `${path.join('.')} ${code} ${line}:${column}`,
  );

/** The example of the REST interface (API-24), as it stands there. */
const threeServices = `c1:
  image: docker.oa.com:8080/public/helloworld
  replicas: 2
  mem_limit: 256m
  cpu_shares: 1
  environment:
    CONTAINER_NAME: c1
    app_NAME: app-c1
  links:
  - c2
  - c3
c2:
  image: docker.oa.com:8080/public/helloworld
  replicas: 1
  mem_limit: 256m
c3:
  image: docker.oa.com:8080/public/helloworld:v3
  replicas: 3
  mem_limit: 128m
`;

describe('a compose text', () => {
  it('is read as applications in the order of their links (REL-46, API-24)', async () => {
    const { apps, issues } = await readText('COMPOSE', threeServices);
    expect(issues).toEqual([]);
    expect(apps.map(({ name, replicas, images, dependsOn }) => ({ name, replicas, images, dependsOn }))).toEqual([
      { name: 'c2', replicas: 1, images: ['docker.oa.com:8080/public/helloworld'], dependsOn: [] },
      { name: 'c3', replicas: 3, images: ['docker.oa.com:8080/public/helloworld:v3'], dependsOn: [] },
      { name: 'c1', replicas: 2, images: ['docker.oa.com:8080/public/helloworld'], dependsOn: ['c2', 'c3'] },
    ]);
  });

  it('is one with or without a version, a top key, or several documents (REL-46)', async () => {
    const flat = 'a:\n  image: one:1\nb:\n  image: two:2\n  depends_on: [a]\n';
    const nested = `version: "3.8"\nservices:\n${flat.replace(/^/gm, '  ').trimEnd()}\n`;
    const apart = 'a:\n  image: one:1\n---\nb:\n  image: two:2\n  depends_on: {a: {condition: service_healthy}}\n';
    const read = async (text: string) => {
      const { apps, issues } = await readText('COMPOSE', text);
      return { issues, apps: apps.map(({ name, dependsOn, images }) => ({ name, dependsOn, images })) };
    };
    const expected = await read(flat);
    expect(expected.issues).toEqual([]);
    expect(expected.apps).toHaveLength(2);
    for (const text of [nested, apart, `version: "2"\n${flat}`]) expect(await read(text)).toEqual(expected);
  });

  it('makes Deployments with what it says, and Services for ports and for who is linked to (REL-46)', async () => {
    const text = `front:
  image: vote-front:v1
  deploy: {replicas: 2}
  mem_limit: 0.5g
  cpu_shares: 512
  environment: ["A=1=2", B=]
  links: ["redis:store"]
  ports: [8080, "9090:80/udp", {target: 7000, published: 70}]
  command: serve --title "two words"
redis:
  image: redis:8
idle:
  image: idle:1
`;
    const { apps, issues } = await readText('COMPOSE', text);
    expect(issues).toEqual([]);
    const objectsOf = (name: string) =>
      apps.find((app) => app.name === name)?.objects.map(({ object }) => object) ?? [];
    const [service, deployment] = objectsOf('front');
    expect(at(service, ['spec', 'ports'])).toEqual([
      { name: 'tcp-8080', port: 8080, targetPort: 8080, protocol: 'TCP' },
      { name: 'udp-9090', port: 9090, targetPort: 80, protocol: 'UDP' },
      { name: 'tcp-70', port: 70, targetPort: 7000, protocol: 'TCP' },
    ]);
    expect(at(deployment, ['spec', 'replicas'])).toBe(2);
    expect(at(deployment, ['spec', 'template', 'spec', 'containers', 0])).toEqual({
      name: 'front',
      image: 'vote-front:v1',
      args: ['serve', '--title', 'two words'],
      env: [
        { name: 'A', value: '1=2' },
        { name: 'B', value: '' },
      ],
      ports: [
        { containerPort: 8080, protocol: 'TCP' },
        { containerPort: 80, protocol: 'UDP' },
        { containerPort: 7000, protocol: 'TCP' },
      ],
      resources: { requests: { cpu: '500m' }, limits: { memory: '512Mi' } },
    });
    expect(apps.find(({ name }) => name === 'front')?.links).toEqual([{ app: 'redis', alias: 'store' }]);
    // Nobody said its ports: its name alone leads to its pods.
    expect(at(objectsOf('redis')[0], ['spec', 'clusterIP'])).toBe('None');
    expect(objectsOf('idle').map(({ kind }) => kind)).toEqual(['Deployment']);
  });

  it.each([
    [
      'a cycle, by its names',
      'a: {image: x, links: [b]}\nb: {image: x, links: [c]}\nc: {image: x, depends_on: [a]}',
      ['content.0.a cycle 1:4'],
    ],
    ['a link to itself', 'a: {image: x, links: [a]}', ['content.0.a cycle 1:4']],
    ['a link to nothing', 'a:\n  image: x\n  links: [b]', ['content.0.a.links.0 unknown_application 3:11']],
    ['a field of no use', 'a:\n  image: x\n  privileged: true', ['content.0.a.privileged unknown_field 3:3']],
    ['no image', 'a: {}', ['content.0.a.image required 1:4']],
    ['a service that is none', 'a: 3', ['content.0.a not_an_object 1:4']],
    ['a name of no host', 'A_b: {image: x}', ['content.0.A_b invalid_name 1:1']],
    ['too little memory', 'a: {image: x, mem_limit: 1k}', ['content.0.a.mem_limit invalid_amount 1:26']],
    ['a unit nobody knows', 'a: {image: x, mem_limit: 256q}', ['content.0.a.mem_limit invalid_amount 1:26']],
    ['half a pod', 'a: {image: x, replicas: 1.5}', ['content.0.a.replicas out_of_range 1:25']],
    ['no weight', 'a: {image: x, cpu_shares: 0}', ['content.0.a.cpu_shares out_of_range 1:27']],
    ['a variable without value', 'a: {image: x, environment: [HOME]}', ['content.0.a.environment.0 required 1:29']],
    [
      'a variable that is a switch',
      'a: {image: x, environment: {A: yes}}',
      ['content.0.a.environment.A not_a_text 1:32'],
    ],
    ['a port beyond all ports', 'a: {image: x, ports: ["99999:1"]}', ['content.0.a.ports.0 invalid_port 1:23']],
    ['an open quote', 'a: {image: x, command: "echo \'it"}', ['content.0.a.command not_a_text 1:24']],
    ['a service twice', 'a: {image: x}\n---\na: {image: x}', ['content.1.a duplicate 3:4']],
    ['a key twice', 'a: {image: x}\na: {image: y}', ['content.0.a duplicate_key 2:1']],
    ['a list', '- image: x', ['content.0 not_an_object 1:1']],
    ['nothing', '# nothing\n', ['content empty undefined:undefined']],
    ['no services', 'services: {}', ['content.0 empty 1:1']],
    ['volumes at the top', 'services: {a: {image: x}}\nvolumes: {}', ['content.0.volumes unknown_field 2:1']],
    ['bad YAML', 'a: [', ['content.0 yaml_syntax 1:5']],
  ])('with %s is refused where that stands (REL-46)', async (_what, text, expected) => {
    expect(await issuesOf('COMPOSE', text)).toEqual(expected);
  });

  it('names the cycle, and what is supported (REL-46)', async () => {
    const cycle = await readText('COMPOSE', 'z: {image: x}\na: {image: x, links: [b]}\nb: {image: x, links: [a]}');
    expect(cycle.issues[0]?.message).toBe('The applications wait for each other: a → b → a');
    const field = await readText('COMPOSE', 'a: {image: x, restart: always}');
    expect(field.issues[0]?.message).toContain('supported are image, replicas');
  });

  it('with more applications than the profile allows is refused (REL-40)', async () => {
    const text = Array.from({ length: 4 }, (_, index) => `a${index}: {image: x}`).join('\n');
    const { issues } = await readText('COMPOSE', text, 3);
    expect(issues.map(({ code, line }) => ({ code, line }))).toEqual([{ code: 'too_many', line: 4 }]);
    expect((await readText('COMPOSE', text, 4)).issues).toEqual([]);
  });

  it('of aliases that grow without end is refused in time (REL-46)', async () => {
    const lines = ['a0: &a0 {image: x}'];
    for (let level = 1; level < 30; level += 1) {
      lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}, *a${level - 1}]`);
    }
    expect((await issuesOf('COMPOSE', lines.join('\n')))[0]).toMatch(/too_large|too_deep/);
  });
});

const workload = (
  name: string,
  more = '',
  kind = 'Deployment',
) => `apiVersion: ${kind === 'Job' ? 'batch/v1' : 'apps/v1'}
kind: ${kind}
metadata:
  name: ${name}${more}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${name}:1"}]}
`;

describe('a Kubernetes text', () => {
  it('has an application for each workload, with the Services that lead to it (REL-40)', async () => {
    const text = [
      workload('front', '\n  annotations: {longshore.dev/depends-on: "redis, migrate"}'),
      'apiVersion: v1\nkind: Service\nmetadata: {name: store}\nspec: {selector: {app: redis}, ports: [{port: 6379}]}\n',
      workload('redis', '', 'StatefulSet'),
      workload('migrate', '', 'Job'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: options}\ndata: {a: b}\n',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: front}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: front}}\n',
    ].join('---\n');
    const { apps, shared, issues } = await readText('KUBERNETES', text);
    expect(issues).toEqual([]);
    expect(apps.map(({ name, kind, dependsOn, objects }) => [name, kind, dependsOn, objects.length])).toEqual([
      ['redis', 'StatefulSet', [], 2],
      ['migrate', 'Job', [], 1],
      ['front', 'Deployment', ['redis', 'migrate'], 2],
    ]);
    expect(apps[2]?.links).toEqual([{ app: 'redis', alias: 'store' }]);
    expect(shared.map(({ object }) => object.kind)).toEqual(['ConfigMap']);
  });

  it.each([
    ['a Secret', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}', ['content.0.kind kind_not_offered 2:7']],
    [
      'a kind of power',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: s}',
      ['content.0.kind kind_not_offered 2:7'],
    ],
    [
      'a retired version',
      'apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: s}',
      ['content.0.apiVersion unknown_kind 1:13'],
    ],
    ['a namespace', workload('a', '\n  namespace: shop'), ['content.0.metadata.namespace not_offered 5:14']],
    ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}', ['content.0.metadata.name required 3:11']],
    [
      'one object twice',
      `${workload('a')}---\n${workload('a')}`,
      ['content.1.metadata.name duplicate_object 13:9', 'content.1 duplicate 10:1'],
    ],
    [
      'an unknown dependency',
      workload('a', '\n  annotations: {longshore.dev/depends-on: b}'),
      ['content.0.metadata.annotations.longshore.dev/depends-on unknown_application 5:43'],
    ],
    ['no workload', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}', ['content.0 empty 1:1']],
  ])('with %s is refused where that stands (REL-40)', async (_what, text, expected) => {
    expect(await issuesOf('KUBERNETES', text)).toEqual(expected);
  });
});

/** The example of the REST interface (API-22), shortened. */
const pods = `containers:
- image: docker.oa.com:8080/public/mysql:latest
  name: mysql
  env:
  - name: POD_NAMESPACE
    valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
  ports:
  - {containerPort: 8080, name: admin-port}
  - {containerPort: 3306, name: db-port}
  resources: {requests: {cpu: 100m, memory: 128Mi}}
  volumeMounts:
  - {mountPath: /var/lib/mysql, name: rethinkdb-storage}
- image: docker.oa.com:8080/public/2048:latest
  name: 2048app
  ports:
  - {containerPort: 80, name: web}
volumes:
- name: rethinkdb-storage
  emptyDir: {}
replicas: 3
annotation:
- containerName: mysql
  logPath: /data1
  dataPath: /data2
- containerName: 2048app
  logPath: /var/log
`;

describe('the text of a pod stack', () => {
  it('is one Deployment of several containers, and a Service of their ports (REL-47, API-22)', async () => {
    const { apps, directories, issues } = await readText('POD_STACK', pods);
    expect(issues).toEqual([]);
    expect(apps).toHaveLength(1);
    const [service, deployment] = apps[0]?.objects.map(({ object }) => object) ?? [];
    expect(at(service, ['spec', 'ports'])).toHaveLength(3);
    expect(at(deployment, ['spec', 'replicas'])).toBe(3);
    expect(at(deployment, ['spec', 'template', 'spec', 'containers'])).toHaveLength(2);
    expect(directories).toEqual([
      { container: 'mysql', log: ['/data1'], data: ['/data2'] },
      { container: '2048app', log: ['/var/log'], data: [] },
    ]);
  });

  it.each([
    ['no container', 'replicas: 1', ['content.0.containers required 1:1']],
    [
      'a field of a pod that is not offered',
      'containers: [{name: a, image: x}]\nhostNetwork: true',
      ['content.0.hostNetwork unknown_field 2:1'],
    ],
    [
      'two containers of a name',
      'containers: [{name: a, image: x}, {name: a, image: x}]',
      ['content.0.containers.1.name duplicate 1:42'],
    ],
    [
      'a log of no container',
      'containers: [{name: a, image: x}]\nannotation: [{containerName: b}]',
      ['content.0.annotation.0.containerName not_found 2:30'],
    ],
    [
      'a path that is none',
      'containers: [{name: a, image: x}]\nannotation: [{containerName: a, logPath: var}]',
      ['content.0.annotation.0.logPath invalid_path 2:42'],
    ],
    ['two documents', 'containers: [{name: a, image: x}]\n---\nreplicas: 1', ['content.1 too_many 3:1']],
  ])('with %s is refused where that stands (REL-47)', async (_what, text, expected) => {
    expect(await issuesOf('POD_STACK', text)).toEqual(expected);
  });
});

describe('whatever is written', () => {
  const word = fc.constantFrom(
    'a',
    'b',
    'image',
    'services',
    'links',
    'replicas',
    'ports',
    'containers',
    '__proto__',
    'kind',
    'Deployment',
    'apps/v1',
    'metadata',
    'name',
    'spec',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    ),
  }));
  it.each([
    'COMPOSE',
    'KUBERNETES',
    'POD_STACK',
  ] as const)('is answered as %s, never thrown (REL-40)', async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          value.map((each) => JSON.stringify(each)),
          fc.string(),
          fc.string({ unit: 'binary' }),
        ),
        async (text) => {
          const { apps, issues } = await readText(format, text);
          expect(issues.length > 0 || apps.length > 0).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the order of applications', () => {
  const graphs = fc
    .integer({ min: 1, max: 25 })
    .chain((size) =>
      fc.array(fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 4 }), { minLength: size, maxLength: size }),
    )
    .map((edges) => edges.map((to, index) => ({ name: `n${index}`, dependsOn: to.map((each) => `n${each}`) })));

  it('has each behind what it depends on, or names a real cycle (REL-42, REL-44)', () => {
    fc.assert(
      fc.property(graphs, (apps) => {
        const result = orderApps(apps);
        if ('order' in result) {
          expect(result.order.toSorted()).toEqual(apps.map(({ name }) => name).toSorted());
          for (const { name, dependsOn } of apps) {
            for (const other of dependsOn) expect(result.order.indexOf(other)).toBeLessThan(result.order.indexOf(name));
          }
          return;
        }
        const { cycle } = result;
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle.at(-1)).toBe(cycle[0]);
        expect(new Set(cycle).size).toBe(cycle.length - 1);
        for (const [place, name] of cycle.slice(0, -1).entries()) {
          expect(apps.find((app) => app.name === name)?.dependsOn).toContain(cycle[place + 1]);
        }
      }),
    );
  });

  it('finds an order wherever there is one (REL-44)', () => {
    fc.assert(
      fc.property(graphs, (apps) => {
        const forward = apps.map(({ name, dependsOn }, index) => ({
          name,
          dependsOn: dependsOn.filter((other) => Number(other.slice(1)) < index),
        }));
        expect(orderApps(forward)).toHaveProperty('order');
      }),
    );
  });
});

describe('an image', () => {
  it.each([
    ['redis', 'redis', 'latest'],
    ['redis:8', 'redis', '8'],
    ['registry:5000/shop/web', 'registry:5000/shop/web', 'latest'],
    ['registry:5000/shop/web:v1', 'registry:5000/shop/web', 'v1'],
    ['web:v1@sha256:abc', 'web', 'sha256:abc'],
  ])('%s has its name and version (REL-41)', (reference, name, version) => {
    expect(splitImage(reference)).toEqual({ reference, name, version });
  });
});

describe('a command line', () => {
  it.each([
    ['a b', ['a', 'b']],
    ["a 'b c' \"d \\\" e\" f\\ g ''", ['a', 'b c', 'd " e', 'f g', '']],
    ['', []],
    ["open 'quote", undefined],
    ['end \\', undefined],
  ])('%s is parted as a shell would (REL-46)', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});
