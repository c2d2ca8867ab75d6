import { CorrectApp } from './app';
import { buildDemo } from '../../examples/demo/app';

/** The demo, with the organization of its accounts, as whoever checks it would declare it. */
export const DEMO: CorrectApp = {
  name: 'demo',
  build: [buildDemo],
  organizations: [{
    organizationId: 'o-a1b2c3d4e5',
    accounts: ['111111111111', '222222222222', '333333333333', '444444444444', '555555555555'],
    organizationPaths: Object.fromEntries(['111111111111', '222222222222', '333333333333', '444444444444', '555555555555']
      .map((account) => [account, 'o-a1b2c3d4e5/r-ab12/ou-ab12-33333333/'])),
  }, {
    organizationId: 'o-partner123', accounts: ['777777777777'], organizationPaths: { 777777777777: 'o-partner123/r-cd34/' },
  }],
  known: [{
    rule: 'owner-not-in-sight',
    path: 'ProductionCluster/NodeRole',
    repository: 'arn:aws:ecr:eu-central-1:999999999999:repository/log-agent',
    half: 'owner',
    why: 'the repository is a vendor\'s, whose templates nobody here has',
  }],
};
