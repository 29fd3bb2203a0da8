import { createManifestService } from '../../core/services/manifest/manifest-service.ts';
import type { StackFormat } from '../api.ts';
import { type ReadTemplate, readTemplate } from '../services/templates/read-template.ts';

const manifests = createManifestService();

/** A text of a template as the gateway reads it, without a cluster. */
export async function readText(format: StackFormat, text: string, mostApps = 30): Promise<ReadTemplate> {
  const { documents, issues } = await manifests.read(text, 'content');
  if (issues.length > 0) return { apps: [], shared: [], directories: [], issues, locate: () => ({}) };
  return readTemplate(format, documents, mostApps);
}
