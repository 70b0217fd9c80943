import { commands } from './cli/commands.ts';
import { dispatch } from './cli/dispatch.ts';

process.exitCode = await dispatch(commands, process.argv.slice(2));
