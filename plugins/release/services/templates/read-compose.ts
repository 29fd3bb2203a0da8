import { readComposeService } from './compose-service.ts';
import {
  type AppPlan,
  isJson,
  type Json,
  type Path,
  type TemplateIssue,
  type TemplatePlan,
  type TextPart,
  unknownKeys,
} from './template-parts.ts';

/** Compose (REL-46): a map of services, at the top or below `services`; several documents are read as one. */
export function readCompose(parts: readonly TextPart[]): TemplatePlan {
  const issues: TemplateIssue[] = [];
  const apps = parts.flatMap(({ index, value }) => {
    if (!isJson(value)) {
      const message = 'A compose document must be a mapping of services';
      issues.push({ document: index, path: [], code: 'not_an_object', message });
      return [];
    }
    const found = servicesOf(value, index, issues);
    return found ? readServices(found.services, index, found.path, issues) : [];
  });
  const linked = new Set(apps.flatMap(({ dependsOn, links }) => [...dependsOn, ...links.map(({ app }) => app)]));
  return { apps: apps.map((app) => withoutIdleService(app, linked)), shared: [], issues };
}

function servicesOf(
  value: Json,
  document: number,
  issues: TemplateIssue[],
): { readonly services: Json; readonly path: Path } | undefined {
  const { services } = value;
  const isNested = Object.hasOwn(value, 'services') && !(isJson(services) && typeof services.image === 'string');
  if (!isNested) {
    // A text without services may still say of which version of the format it is.
    const { version, ...flat } = value;
    return { services: typeof version === 'object' ? value : flat, path: [] };
  }
  issues.push(...unknownKeys(value, ['version', 'name', 'services'], document, []));
  if (isJson(services)) return { services, path: ['services'] };
  issues.push({
    document,
    path: ['services'],
    code: 'not_an_object',
    message: 'services must be a mapping of services',
  });
  return undefined;
}

function readServices(services: Json, document: number, path: Path, issues: TemplateIssue[]): readonly AppPlan[] {
  return Object.entries(services).map(([name, service]) =>
    readComposeService(name, service, { document, path: [...path, name] }, issues),
  );
}

/** A Service without ports is there for who looks for its pods by name; where nobody does it is nothing. */
function withoutIdleService(app: AppPlan, linked: ReadonlySet<string>): AppPlan {
  if (linked.has(app.name)) return app;
  const isIdle = ({ object }: AppPlan['objects'][number]): boolean =>
    object.kind === 'Service' && isJson(object.spec) && object.spec.clusterIP === 'None';
  return { ...app, objects: app.objects.filter((each) => !isIdle(each)) };
}
