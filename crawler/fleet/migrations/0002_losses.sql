-- `losses`: attempts in a row whose worker was lost, which is no failure of the portal's and so none of its `tries`.
alter table fleet.rounds add column losses integer not null default 0;
