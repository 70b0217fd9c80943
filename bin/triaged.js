#!/usr/bin/env node
// Plain JavaScript of old syntax: an old Node must get as far as the sentence below.
var REQUIRED = 24;
var BUILT = '../dist/main.js';

if (parseInt(process.versions.node, 10) < REQUIRED) {
  console.error('triaged needs Node %d or newer, this is %s', REQUIRED, process.versions.node);
  process.exit(78);
} else {
  // biome-ignore lint/complexity/useArrowFunction: an old Node must be able to read this
  import(BUILT).catch(function (error) {
    // A checkout may have no dist. A module that is missing inside dist is another matter.
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/\/dist\/main\.js$/.test(error.url)) throw error;
    return import('../src/main.ts');
  });
}
