import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';

export interface SecurityForm {
  readonly runAsNonRoot?: Maybe<boolean>;
  readonly runAsUser?: Maybe<number>;
  readonly runAsGroup?: Maybe<number>;
  readonly readOnlyRootFilesystem?: Maybe<boolean>;
  readonly privileged?: Maybe<boolean>;
  readonly allowPrivilegeEscalation?: Maybe<boolean>;
  readonly addCapabilities?: Maybe<readonly string[]>;
  readonly dropCapabilities?: Maybe<readonly string[]>;
}

/** As whom a container runs and what it may (CMP-56). Who may ask for what is for the writer's guard to say. */
export function writeSecurity(container: Draft, form: Maybe<SecurityForm>): void {
  if (form === undefined) return;
  if (form === null) {
    container.set('securityContext', null);
    return;
  }
  container.inside('securityContext', ['securityContext'], (context) => {
    context.take(form, 'runAsNonRoot', 'runAsUser', 'runAsGroup', 'readOnlyRootFilesystem', 'privileged');
    context.take(form, 'allowPrivilegeEscalation');
    context.inside('capabilities', [], (capabilities) => {
      capabilities.set('add', form.addCapabilities, ['addCapabilities']);
      capabilities.set('drop', form.dropCapabilities, ['dropCapabilities']);
    });
  });
}
