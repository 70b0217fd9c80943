import type { Category } from './seeds.ts';

/** Order of the shipped model's labels. What must be done first decides between look-alikes. */
export const shippedCategories: readonly Category[] = [
  {
    name: 'Network',
    group: 'Network',
    description: 'Connections do not work or are slow: Wi-Fi, LAN, VPN, DNS, firewall or telephone lines.',
  },
  {
    name: 'Hardware',
    group: 'IT',
    description: 'A device at a workplace or in a room is defective, has to be ordered, moved or given back.',
  },
  {
    name: 'Software',
    group: 'IT',
    description: 'A standard program has to be installed, updated, licensed or set up, or it crashes.',
  },
  {
    name: 'Email',
    group: 'IT',
    description:
      'Mail is not sent or delivered, or it is about mailboxes, spam, calendars, lists or signatures.',
  },
  {
    name: 'Access',
    group: 'IT',
    description: 'One person cannot log in or needs a password, an account or rights, or joins or leaves.',
  },
  {
    name: 'Server',
    group: 'IT',
    description: 'Servers, databases, backups, storage, certificates or alarms, or an outage that hits many.',
  },
  {
    name: 'Invoice',
    group: 'Billing',
    description:
      'The invoice as a document: it is missing, wrong, needed again or needs another address or tax number.',
  },
  {
    name: 'Payment',
    group: 'Billing',
    description:
      "The money's way: transfers, debits, cards, reminders although paid, instalments, terms of payment.",
  },
  {
    name: 'Refund',
    group: 'Billing',
    description: 'Money or goods shall come back: returns, credits, wrong or double charges.',
  },
  {
    name: 'Contract',
    group: 'Billing',
    description:
      'A contract or subscription shall be made, changed, renewed or cancelled, or terms and offers are asked for.',
  },
  {
    name: 'Bug',
    group: 'Support',
    description:
      'The product that the company itself runs or sells has a fault, its notifications and interfaces included.',
  },
  {
    name: 'How-to',
    group: 'Support',
    description: 'Someone asks how, where or whether something can be done; nothing is broken.',
  },
  {
    name: 'Complaint',
    group: 'Support',
    description: 'Anger about service, staff or delay that wants an apology or escalation.',
  },
  {
    name: 'Other',
    group: 'Other',
    description:
      'A genuine message that fits no other category: praise, canteen, parking, adverts, lost property.',
  },
];

/** Znuny's priorities as installed, low → high. */
export const znunyPriorities: readonly string[] = [
  '1 very low',
  '2 low',
  '3 normal',
  '4 high',
  '5 very high',
];
