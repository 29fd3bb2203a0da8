import { z } from 'longshore/sdk';

const amount = z.string().regex(/^\d{1,9}(\.\d{1,3})?(m|k|M|G|Ki|Mi|Gi)?$/, 'must be a quantity, e.g. 50m or 64Mi');
const label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/);

const lokiLabels = z.strictObject({
  namespace: label.default('namespace').describe('Label with the namespace.'),
  pod: label.default('pod').describe('Label with the name of the pod.'),
  container: label.default('container').describe('Label with the name of the container.'),
  host: label.default('node_name').describe('Label with the name of the node.'),
  level: label.default('detected_level').describe('Label, or structured metadata, with the level of a line.'),
  logStore: label
    .default('log_store')
    .describe('Label with the name of the log store that the line was collected into.'),
  system: label.default('unit').describe('Label of what runs outside of any namespace, such as services of a node.'),
});

const loki = z.strictObject({
  cluster: z.string().min(1).describe('Name of the cluster whose logs it has.'),
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where it answers, without /loki/api. What is inside needs its host in egress.allow.'),
  tenant: z.string().min(1).max(150).optional().describe('Its tenant, sent as X-Scope-OrgID.'),
  token: z.string().min(1).optional().describe('Bearer token. A secret.'),
  labels: z.preprocess((given) => given ?? {}, lokiLabels).describe('What its labels are called.'),
});

const prometheusLabels = z.strictObject({
  namespace: label.default('namespace').describe('Label with the namespace.'),
  pod: label.default('pod').describe('Label with the name of the pod.'),
  container: label.default('container').describe('Label with the name of the container.'),
  node: label.default('node').describe('Label with the name of the node, on what its kubelet tells.'),
  instance: label.default('instance').describe('Label with the address that was asked.'),
});

const prometheus = z.strictObject({
  cluster: z.string().min(1).describe('Name of the cluster whose metrics it has.'),
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where it answers, without /api/v1. What is inside needs its host in egress.allow.'),
  tenant: z.string().min(1).max(150).optional().describe('Its tenant, sent as X-Scope-OrgID.'),
  token: z.string().min(1).optional().describe('Bearer token. A secret.'),
  labels: z.preprocess((given) => given ?? {}, prometheusLabels).describe('What its labels are called.'),
  matchers: z
    .record(label, z.string().min(1).max(200))
    .default({})
    .describe('Labels, with their values, that tell this cluster from others that the same Prometheus has.'),
  rateSeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(120)
    .describe('Shortest time over which a rate is taken: four times the time between two scrapes.'),
});

const metering = z.strictObject({
  ignoredNamespaces: z
    .array(z.string().min(1))
    .max(1_000)
    .default(['kube-system', 'kube-public', 'kube-node-lease'])
    .describe('Namespaces whose pods are not metered, in every cluster.'),
  keepDays: z.int().min(31).max(3_660).default(400).describe('How many days usage is kept.'),
});

const price = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a decimal number with at most nine places, in quotes');

const prices = z.strictObject({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('ISO 4217, e.g. `EUR`.'),
  rates: z
    .array(
      z.strictObject({
        vcpuHour: price.describe('What a vCPU costs for an hour, as a decimal number in quotes.'),
        gibHour: price.describe('What a GiB of memory costs for an hour.'),
        cluster: z.string().min(1).optional().describe('The cluster that it is for; all that have none where not set.'),
        from: z.iso
          .datetime()
          .refine((time) => Date.parse(time) % 3_600_000 === 0, 'must be a whole hour')
          .optional()
          .describe('From which hour on it holds (UTC); always where not set.'),
      }),
    )
    .min(1)
    .max(1_000)
    .superRefine((all, context) => {
      const keys = all.map(({ cluster, from }) => `${cluster ?? 'all'} ${from ? Date.parse(from) : 'always'}`);
      const twice = keys.find((each, index) => keys.indexOf(each) !== index);
      if (twice !== undefined) context.addIssue({ code: 'custom', message: `two rates are for ${twice}` });
    })
    .describe('The rates.'),
});

const indicator = z.strictObject({
  metric: z
    .string()
    .max(200)
    .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, 'must be the name of a metric: letters, digits, _ and :, no digit first')
    .describe('Name of the metric, as the collector tells it.'),
  kind: z
    .enum(['COUNTER', 'GAUGE'])
    .describe('`COUNTER` only grows, and is told per second; `GAUGE` is told as it is. Both summed over all pods.'),
  description: z.string().max(300).default('').describe('What it counts, for people.'),
});

const monitoring = z.strictObject({
  collectorImage: z
    .string()
    .min(1)
    .max(1_000)
    .describe('Image of the collector: it reads what is below `/var/monitoring` and tells it as metrics.'),
  args: z.array(z.string().max(1_000)).max(50).default([]).describe('Arguments of the collector.'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(9_870)
    .describe('Where it tells its metrics; the port is named `monitoring`.'),
  cpu: amount.default('50m').describe('CPU that it gets, and no more.'),
  memory: amount.default('64Mi').describe('Memory that it gets, and no more.'),
  indicators: z
    .array(indicator)
    .max(100)
    .default([])
    .superRefine((all, context) => {
      const names = all.map(({ metric }) => metric);
      const twice = names.find((each, index) => names.indexOf(each) !== index);
      if (twice !== undefined) context.addIssue({ code: 'custom', message: `'${twice}' is there twice` });
    })
    .describe('Metrics of collectors that may be asked for as indicators of apps; nothing else may.'),
});

/** One backend for each cluster. */
function onePerCluster(all: readonly { readonly cluster: string }[], context: z.RefinementCtx): void {
  const names = all.map(({ cluster }) => cluster);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) context.addIssue({ code: 'custom', message: `'${twice}' is there twice` });
}

/** `pluginSettings.compute`. Strict, so that a misspelt key stops the start instead of being ignored. */
export const computeSettings = z.strictObject({
  loki: z
    .array(loki)
    .default([])
    .superRefine(onePerCluster)
    .describe('Where the collected logs of clusters are searched.'),
  prometheus: z
    .array(prometheus)
    .default([])
    .superRefine(onePerCluster)
    .describe('Where the metrics of clusters are kept.'),
  prices: prices.optional().describe('What usage costs; without it nothing has a cost.'),
  monitoring: monitoring
    .optional()
    .describe(
      'What collects business monitoring data of pods (CMP-113); without it pods have no monitoring directory.',
    ),
  metering: z.preprocess((given) => given ?? {}, metering).describe('What is metered, and how long usage is kept.'),
});

export type LokiSettings = z.infer<typeof loki>;
export type LokiLabels = z.infer<typeof lokiLabels>;
export type PrometheusSettings = z.infer<typeof prometheus>;
export type IndicatorSettings = z.infer<typeof indicator>;
export type MonitoringSettings = z.infer<typeof monitoring>;
export type PriceSettings = z.infer<typeof prices>;
