import type { ContainerDirectories } from 'longshore/plugins/compute';
import type { ValidationIssue } from 'longshore/sdk';
import type { StackFormat } from '../../api.ts';
import { orderApps } from './order-apps.ts';
import { readCompose } from './read-compose.ts';
import { readKubernetes } from './read-kubernetes.ts';
import { readPodStack } from './read-pod-stack.ts';
import type { AppPlan, Path, TemplateIssue, TemplatePlan, TextPart } from './template-parts.ts';

export interface ReadTemplate extends Pick<TemplatePlan, 'apps' | 'shared'> {
  /** In the order in which they may begin. */
  readonly apps: readonly AppPlan[];
  readonly directories: readonly ContainerDirectories[];
  /** Everything that is wrong, each with its line. */
  readonly issues: readonly ValidationIssue[];
  /** Where something stands in the text; for what is not there, where it would stand. */
  readonly locate: (document: number, path: Path) => Pick<ValidationIssue, 'line' | 'column'>;
}

/** Issues told at the most. */
const mostIssues = 100;

/** What a text of a format says (REL-40, REL-46, REL-47), and all that is wrong with it. Pure; never throws for a text. */
export function readTemplate(format: StackFormat, parts: readonly TextPart[], mostApps: number): ReadTemplate {
  const plan = readers[format](parts);
  const issues = [...plan.issues, ...checkApps(plan, mostApps)];
  const ordered = orderApps(plan.apps);
  if ('cycle' in ordered) issues.push(...nameCycle(ordered.cycle, plan.apps));
  const order = 'order' in ordered ? ordered.order : plan.apps.map(({ name }) => name);
  const placeOf = new Map(order.map((name, place) => [name, place]));
  return {
    apps: plan.apps.toSorted((a, b) => (placeOf.get(a.name) ?? 0) - (placeOf.get(b.name) ?? 0)),
    shared: plan.shared,
    directories: 'directories' in plan ? plan.directories : [],
    issues: issues.slice(0, mostIssues).map((issue) => locate(issue, parts)),
    locate: (document, path) => parts.find(({ index }) => index === document)?.locate(path) ?? {},
  };
}

const readers: Readonly<
  Record<
    StackFormat,
    (parts: readonly TextPart[]) => TemplatePlan & { readonly directories?: readonly ContainerDirectories[] }
  >
> = { COMPOSE: readCompose, KUBERNETES: readKubernetes, POD_STACK: readPodStack };

function checkApps({ apps, issues }: TemplatePlan, mostApps: number): readonly TemplateIssue[] {
  const found: TemplateIssue[] = [];
  const refuse = ({ document, path }: AppPlan['place'], code: string, message: string): void => {
    found.push({ document, path, code, message });
  };
  if (apps.length === 0 && issues.length === 0) {
    refuse({ document: 0, path: [] }, 'empty', 'There is no application in it');
  }
  const [, ...others] = apps.slice(mostApps - 1);
  if (others[0]) refuse(others[0].place, 'too_many', `A template may have ${mostApps} applications at the most`);
  const seen = new Map<string, AppPlan>();
  for (const app of apps) {
    if (seen.has(app.name)) refuse(app.place, 'duplicate', `Two applications are called '${app.name}'`);
    seen.set(app.name, app);
  }
  for (const { dependsOn, dependencyPlaces, place } of apps) {
    for (const [index, name] of dependsOn.entries()) {
      if (seen.has(name)) continue;
      const path = dependencyPlaces[index] ?? place.path;
      refuse(
        { ...place, path },
        'unknown_application',
        `There is no application '${name.slice(0, 60)}' that it could depend on`,
      );
    }
  }
  return found;
}

function nameCycle(cycle: readonly string[], apps: readonly AppPlan[]): readonly TemplateIssue[] {
  const first = apps.find(({ name }) => name === cycle[0]);
  const { document = 0, path = [] } = first?.place ?? {};
  const message = `The applications wait for each other: ${cycle.join(' → ')}`;
  return [{ document, path, code: 'cycle', message }];
}

function locate({ document, path, code, message, isKey }: TemplateIssue, parts: readonly TextPart[]): ValidationIssue {
  const part = parts.find(({ index }) => index === document);
  return { path: ['content', document, ...path], code, message, ...part?.locate(path, isKey ? 'key' : 'value') };
}
