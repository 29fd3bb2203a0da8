/** How objects of a kind take part in a template. */
export interface TemplateKind {
  readonly apiVersions: readonly string[];
  /** Where it keeps the template of its pods; such a kind is an application. */
  readonly podTemplate?: readonly string[];
  /** Whether its pods are told by a selector that belongs to it. */
  readonly hasSelector?: boolean;
}

const template = ['spec', 'template'];

/** The kinds that a template may have (REL-40). Values of Secrets do not belong into a text that a project reads. */
export const templateKinds: Readonly<Record<string, TemplateKind>> = {
  Deployment: { apiVersions: ['apps/v1'], podTemplate: template, hasSelector: true },
  StatefulSet: { apiVersions: ['apps/v1'], podTemplate: template, hasSelector: true },
  DaemonSet: { apiVersions: ['apps/v1'], podTemplate: template, hasSelector: true },
  Job: { apiVersions: ['batch/v1'], podTemplate: template },
  CronJob: { apiVersions: ['batch/v1'], podTemplate: ['spec', 'jobTemplate', 'spec', 'template'] },
  Service: { apiVersions: ['v1'] },
  ConfigMap: { apiVersions: ['v1'] },
  PersistentVolumeClaim: { apiVersions: ['v1'] },
  HorizontalPodAutoscaler: { apiVersions: ['autoscaling/v2', 'autoscaling/v1'] },
  PodDisruptionBudget: { apiVersions: ['policy/v1'] },
  Ingress: { apiVersions: ['networking.k8s.io/v1'] },
  NetworkPolicy: { apiVersions: ['networking.k8s.io/v1'] },
};

/** Annotation of a workload in a template: names of the applications that must be ready before it, apart by commas. */
export const dependsOnAnnotation = 'longshore.dev/depends-on';
