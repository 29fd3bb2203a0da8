import { StatusError } from '../../api/status-error.ts';
import type { ClusterObject, ResourceDefinition } from '../../store/types.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';
import { FieldErrors } from '../validation/field-errors.ts';

/**
 * What an engine's admission webhooks do to one resource, asked in the turn of the write and never over the wire.
 * Of subresources only `scale` is sent to it, where it has a word on that.
 */
export interface AdmissionWebhook {
  readonly group: string;
  readonly plural: string;
  /** Names of the two webhooks, as their configurations have them; refusals quote them. */
  readonly mutatingName: string;
  readonly validatingName?: string;
  readonly scalingName?: string;
  /**
   * Writes defaults into the draft; `current` is what an update replaces. An answer refuses the write, with 400 unless it
   * says otherwise.
   */
  mutate?(
    draft: Draft,
    current: ClusterObject | undefined,
    environment: StrategyEnvironment,
  ): string | WebhookRefusal | undefined;
  /** Refuses with 422 when it leaves errors, or answers with words that belong to no field. */
  validate?(
    draft: Draft,
    current: ClusterObject | undefined,
    errors: FieldErrors,
    environment: StrategyEnvironment,
  ): string | undefined;
  /** Words that refuse, with 403, what the scale subresource makes of the object. */
  scale?(draft: Draft): string | undefined;
}

export interface WebhookRefusal {
  readonly code: number;
  readonly why: string;
}

/** The webhooks of a cluster; each resource has one at most. */
export interface AdmissionWebhooks {
  /** Throws for a resource that has one already. */
  register(webhook: AdmissionWebhook): void;
  /** Throws `StatusError`. */
  mutate(definition: ResourceDefinition, draft: Draft, current: ClusterObject | undefined): void;
  /** Throws `StatusError` 422. */
  validate(definition: ResourceDefinition, draft: Draft, current: ClusterObject | undefined): void;
  /** Throws `StatusError` 403. */
  scale(definition: ResourceDefinition, draft: Draft): void;
}

export function createAdmissionWebhooks(environment: StrategyEnvironment): AdmissionWebhooks {
  const webhooks = new Map<string, AdmissionWebhook>();
  const idOf = ({ group, plural }: Pick<ResourceDefinition, 'group' | 'plural'>): string => `${group}/${plural}`;
  return {
    register(webhook) {
      const id = idOf(webhook);
      if (webhooks.has(id)) throw new Error(`${webhook.plural}.${webhook.group} has an admission webhook already`);
      webhooks.set(id, webhook);
    },
    mutate(definition, draft, current) {
      const webhook = webhooks.get(idOf(definition));
      const problem = webhook?.mutate?.(draft, current, environment);
      if (webhook === undefined || problem === undefined) return;
      const { code, why } = typeof problem === 'string' ? { code: 400, why: problem } : problem;
      throw denied(code, webhook.mutatingName, why);
    },
    validate(definition, draft, current) {
      const webhook = webhooks.get(idOf(definition));
      if (webhook?.validate === undefined) return;
      const errors = new FieldErrors();
      const problem = webhook.validate(draft, current, errors, environment);
      const told = errors.causes.map(({ field, message }) => `${field}: ${message}`);
      const lines = [...new Set(problem === undefined ? told : [...told, problem])];
      if (lines.length === 0) return;
      throw denied(
        422,
        webhook.validatingName ?? webhook.mutatingName,
        lines.length === 1 ? String(lines[0]) : `[${lines.join(', ')}]`,
      );
    },
    scale(definition, draft) {
      const webhook = webhooks.get(idOf(definition));
      const problem = webhook?.scale?.(draft);
      if (webhook === undefined || problem === undefined) return;
      throw denied(403, webhook.scalingName ?? webhook.mutatingName, problem);
    },
  };
}

/** A webhook's own code and words; it gives no reason and no causes. */
function denied(code: number, webhook: string, why: string): StatusError {
  return new StatusError(code, '', `admission webhook "${webhook}" denied the request: ${why}`);
}
