/** What is measured of pods, workloads, nodes and clusters over time (CMP-110). */
export const usageMetrics = {
  CPU: 'CPU that is used.',
  MEMORY: 'Memory that cannot be taken away (working set).',
  NETWORK_RECEIVE: 'What comes in over the network.',
  NETWORK_TRANSMIT: 'What goes out over the network.',
  DISK: "What is used of the nodes' own disks; of nodes and clusters alone.",
} as const;

export type UsageMetric = keyof typeof usageMetrics;

export const metricUnits = {
  MILLICORES: 'Thousandths of a core.',
  BYTES: 'Bytes.',
  BYTES_PER_SECOND: 'Bytes in a second.',
  PER_SECOND: 'So many in a second.',
  SECONDS: 'Seconds.',
  RATIO: 'A part of all: 0 is none, 1 is all.',
  COUNT: 'So many.',
} as const;

export type MetricUnit = keyof typeof metricUnits;

export const unitOfUsage: Readonly<Record<UsageMetric, MetricUnit>> = {
  CPU: 'MILLICORES',
  MEMORY: 'BYTES',
  NETWORK_RECEIVE: 'BYTES_PER_SECOND',
  NETWORK_TRANSMIT: 'BYTES_PER_SECOND',
  DISK: 'BYTES',
};
