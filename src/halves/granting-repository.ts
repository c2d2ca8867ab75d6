import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { grantBothHalves, GrantedRepository, grantOwnerHalf, requireOwnerHalf } from './both-halves';
import { requireText } from './checks';
import { trustsAppRunner } from './principals';
import { APP_RUNNER_PULL_ACTIONS, PULL_ACTIONS, PUSH_ACTIONS, READ_ACTIONS } from '../policy/actions';
import { ECR_ACTION, IMAGE_DIGEST, IMAGE_TAG } from '../policy/formats';

const OWNER_SIDE = Symbol.for('cdk-shared-ecr.GrantingRepository');

/** What a repository of this library knows of itself beyond `ecr.IRepository`: the grants of both kinds run over this. */
export class Grants {
  /** The grants of a repository, if it is one of this library, whichever copy of the library made it. */
  public static of(repository: ecr.IRepository): Grants | undefined {
    return (repository as { [OWNER_SIDE]?: Grants })[OWNER_SIDE];
  }

  public readonly granted: GrantedRepository;

  constructor(repository: ecr.RepositoryBase, definition: Pick<GrantedRepository, 'ownerHalf' | 'owned' | 'literalArn' | 'cached'>) {
    this.granted = {
      resource: repository,
      get repositoryArn() { return repository.repositoryArn; },
      ...definition,
    };
    Object.defineProperty(repository, OWNER_SIDE, { value: this });
  }

  public any(grantee: iam.IGrantable, actions: readonly string[]): iam.Grant {
    if (actions.length === 0) {
      throw new Error('actions is empty, but at least one is needed; grantPull, grantPush and grantRead have the usual ones');
    }
    actions.forEach((action) => requireText(ECR_ACTION, 'actions', action));
    return grantBothHalves(this.granted, { grantee, actions: [actions], login: false });
  }

  public read(grantee: iam.IGrantable): iam.Grant {
    return this.any(grantee, READ_ACTIONS);
  }

  public pull(grantee: iam.IGrantable): iam.Grant {
    return this.logIn(grantee, [this.pullActionsFor(grantee)]);
  }

  public push(grantee: iam.IGrantable): iam.Grant {
    return grantBothHalves(this.granted, { grantee, actions: [PUSH_ACTIONS], login: true });
  }

  public pullPush(grantee: iam.IGrantable): iam.Grant {
    return this.logIn(grantee, [this.pullActionsFor(grantee), PUSH_ACTIONS]);
  }

  /** What the identity policy of a role must have for a pull, if a pull takes these actions elsewhere. */
  public consumerActions(actions: readonly string[]): string[] {
    const { both = [], consumer = [] } = this.granted.cached ?? {};
    return [...new Set([...actions, ...both, ...consumer])].sort();
  }

  /** The owner's half of a pull by a role that has its own half already. */
  public ownerHalf(role: iam.IRole, actions: readonly string[]): void {
    grantOwnerHalf(this.granted, role, [this.withCache(actions)]);
  }

  /** Throws if the owner's half cannot be made for the role. */
  public requireOwnerHalf(role: iam.IRole): void {
    requireOwnerHalf(this.granted, role);
  }

  /** Grants a pull, whatever goes with it, and the login to the registry. */
  private logIn(grantee: iam.IGrantable, actions: ReadonlyArray<readonly string[]>): iam.Grant {
    return grantBothHalves(this.granted, { grantee, actions, consumerActions: this.granted.cached?.consumer, login: true });
  }

  private pullActionsFor(grantee: iam.IGrantable): readonly string[] {
    return this.withCache(trustsAppRunner(grantee.grantPrincipal) ? APP_RUNNER_PULL_ACTIONS : PULL_ACTIONS);
  }

  private withCache(actions: readonly string[]): readonly string[] {
    return this.granted.cached ? [...new Set([...actions, ...this.granted.cached.both])] : actions;
  }
}

/** `:tag`, `@digest`, or nothing. */
export function tagSuffix(tag: string | undefined): string {
  if (tag) {
    requireText(IMAGE_TAG, 'tag', tag);
  }
  return tag ? `:${tag}` : '';
}

export function digestSuffix(digest: string | undefined): string {
  if (digest) {
    requireText(IMAGE_DIGEST, 'digest', digest);
  }
  return digest ? `@${digest}` : '';
}
