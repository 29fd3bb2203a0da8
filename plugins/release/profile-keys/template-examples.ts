import { profileKey, z } from 'longshore/sdk';
import type { StackFormat } from '../api.ts';

const schema = z.string().min(1).max(16_384);
const more = 'It may be deployed as it is; a platform may show one of its own, with images of its own registry.';

const compose = profileKey({
  name: 'template.example.compose',
  schema,
  default: `# Services by name; each finds those that it is linked to by their names, and starts once they are ready.
redis:
  image: redis:8
  mem_limit: 256m
  ports: ["6379"]
front:
  image: nginx:1.29
  replicas: 2
  mem_limit: 128m
  cpu_shares: 256
  environment:
    REDIS_HOST: redis
    TITLE: Cats or dogs
  ports: ["80"]
  links:
  - redis
`,
  description: `Example of the text of an orchestration template of the format COMPOSE, to begin with. ${more}`,
  sources: ['REL-40', 'REL-46'],
});

const kubernetes = profileKey({
  name: 'template.example.kubernetes',
  schema,
  default: `# Each workload is an application; names get the name of the deployment in front, references to them too.
apiVersion: v1
kind: ConfigMap
metadata:
  name: options
data:
  TITLE: Cats or dogs
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis
spec:
  selector:
    matchLabels: {app: redis}
  template:
    metadata:
      labels: {app: redis}
    spec:
      containers:
      - name: redis
        image: redis:8
        ports:
        - containerPort: 6379
---
apiVersion: v1
kind: Service
metadata:
  name: redis
spec:
  selector: {app: redis}
  ports:
  - port: 6379
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: front
  annotations:
    # It starts once these applications are ready, and finds their Services by the names that they have here.
    longshore.dev/depends-on: redis
spec:
  replicas: 2
  selector:
    matchLabels: {app: front}
  template:
    metadata:
      labels: {app: front}
    spec:
      containers:
      - name: front
        image: nginx:1.29
        envFrom:
        - configMapRef: {name: options}
        ports:
        - containerPort: 80
        resources:
          requests: {cpu: 50m, memory: 64Mi}
          limits: {memory: 128Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: front
spec:
  selector: {app: front}
  ports:
  - port: 80
`,
  description: `Example of the text of an orchestration template of the format KUBERNETES, to begin with. ${more}`,
  sources: ['REL-40'],
});

const podStack = profileKey({
  name: 'template.example.podStack',
  schema,
  default: `# Several containers in one pod, and a Service of their ports, both with the name of the deployment.
containers:
- name: web
  image: nginx:1.29
  env:
  - name: POD_NAMESPACE
    valueFrom:
      fieldRef: {fieldPath: metadata.namespace}
  ports:
  - name: web
    containerPort: 80
  resources:
    requests: {cpu: 50m, memory: 64Mi}
  volumeMounts:
  - name: pages
    mountPath: /usr/share/nginx/html
- name: cache
  image: redis:8
  ports:
  - name: cache
    containerPort: 6379
volumes:
- name: pages
  emptyDir: {}
replicas: 1
# Where containers write their logs and their data.
annotation:
- containerName: web
  logPath: /var/log/nginx
- containerName: cache
  dataPath: /data
`,
  description: `Example of the text of an orchestration template of the format POD_STACK, to begin with. ${more}`,
  sources: ['REL-40', 'REL-47'],
});

/** A text of each format that a console shows to who writes a first one (REL-40). */
export const templateExamples = {
  COMPOSE: compose,
  KUBERNETES: kubernetes,
  POD_STACK: podStack,
} as const satisfies Record<StackFormat, unknown>;

export const templateExampleKeys = Object.values(templateExamples);
