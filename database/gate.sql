-- The schema gate: every row is a hole in the isolation of tenants. `ace gate:schema` runs it.
-- What may stay is in sys.gate_allow with its reason, under the key in the third column of a rule;
-- null means that nothing excuses it. The roles can be named by settings (gate.app, …) so that the
-- tests can try a role that is too powerful. No question mark may stand in this file: it would be
-- taken for a binding.
with roles as (
  select kind, coalesce(nullif(current_setting('gate.' || kind, true), ''), 'hi_' || kind) as rolname
  from unnest(array['app', 'login', 'jobs', 'ingest']) as kind
),
who as (
  select kind, r.rolname, p.oid, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
  from roles r join pg_roles p using (rolname)
),
app as (select * from who where kind = 'app'),
t as (
  select c.oid, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity,
    c.reloptions, c.relowner, a.attnum as tenant_no, a.attnum is not null as has_tenant,
    coalesce(a.attnotnull, false) as tenant_not_null
  from pg_class c
  left join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
      and d.objid = c.oid and d.deptype = 'e')
),
tables as (select * from t where relkind in ('r', 'p')),
-- Whoever a policy is for: a role without rights is of no interest, PUBLIC is everybody.
policies as (
  select t.relname, t.has_tenant, p.polname, p.polpermissive,
    (p.polroles = array[0::oid] or exists (select from app where app.oid = any (p.polroles))) as for_app,
    exists (select from unnest(p.polroles) as r(oid) where r.oid <> 0
      and r.oid not in (select oid from app)) as for_others,
    array_remove(array[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)],
      null) as conditions
  from pg_policy p join t on t.oid = p.polrelid
),
-- Everything that can be asked of a table, also when it was granted on single columns.
rights as (
  select who.kind, who.rolname, tables.oid, tables.relname, tables.has_tenant, tables.relispartition,
    tables.relrowsecurity and tables.relforcerowsecurity as is_confined, r.verb
  from tables, who, unnest(array['select', 'insert', 'update', 'delete']) as r(verb)
  where has_table_privilege(who.oid, tables.oid, r.verb)
    or (r.verb <> 'delete' and has_any_column_privilege(who.oid, tables.oid, r.verb))
),
definers as (
  select p.oid, p.oid::regprocedure::text as signature, p.proconfig
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and n.nspname !~ '^(pg_|information_schema)'
    and exists (select from who where has_schema_privilege(who.oid, n.oid, 'usage')
      and has_function_privilege(who.oid, p.oid, 'execute'))
),
found (rule, object, allow_key) as (
  select 'G00 role does not exist', rolname, null from roles where rolname not in (select rolname from who)

  union all select 'G01 tenant table without ENABLE and FORCE row level security', relname, null
  from tables where has_tenant and not (relrowsecurity and relforcerowsecurity)

  union all select 'G02 table without tenant_id that no migration accounts for', relname, relname
  from tables where not has_tenant and not relispartition

  union all select 'G03 tenant_id may be null', relname, null
  from tables where has_tenant and not tenant_not_null

  union all select 'G04 row level security without any policy', relname, null
  from tables where relrowsecurity and not relispartition
    and not exists (select from pg_policy p where p.polrelid = tables.oid)

  union all select 'G05 policy of the app role that fails open', relname || '.' || polname, null
  from policies, unnest(conditions) as condition
  where for_app and (condition ~* 'current_setting\([^)]*, *true\)|coalesce\(| is null|''''::text'
    or (polpermissive and condition ~* '^\(*true\)*$'))

  union all select 'G06 policy of the app role that is not the tenant comparison',
    relname || '.' || polname, 'policy:' || relname || '.' || polname
  from policies where for_app and polpermissive and (conditions = '{}' or exists (
    select from unnest(conditions) as condition
    where condition <> '(tenant_id = (current_setting(''app.tenant_id''::text))::uuid)'))

  union all select 'G07 policy that opens a table to another role', relname || '.' || polname,
    'policy:' || relname || '.' || polname
  from policies where for_others

  union all select 'G08 view that reads with the rights of its owner', relname, null
  from t where relkind = 'v'
    and exists (select from who where has_table_privilege(who.oid, t.oid, 'select'))
    and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false)

  union all select 'G09 materialised view that an application role can read', relname, null
  from t where relkind = 'm'
    and exists (select from who where has_table_privilege(who.oid, t.oid, 'select'))

  union all select 'G10 SECURITY DEFINER function that an application role can call', signature, signature
  from definers

  union all select 'G11 SECURITY DEFINER function without a pinned search_path', signature, null
  from definers where not exists (select from unnest(proconfig) as setting where setting like 'search_path=%')

  union all select 'G12 foreign key between tenant tables without tenant_id', a.relname || '.' || k.conname, null
  from pg_constraint k join tables a on a.oid = k.conrelid join tables b on b.oid = k.confrelid
  where k.contype = 'f' and a.has_tenant and b.has_tenant
    and not exists (select from unnest(k.conkey, k.confkey) as pair(here, there)
      where pair.here = a.tenant_no and pair.there = b.tenant_no)

  union all select 'G13 unique index of a tenant table without tenant_id', i.indexrelid::regclass::text, null
  from pg_index i join tables t on t.oid = i.indrelid
  where (i.indisunique or i.indisexclusion) and not i.indisprimary and t.has_tenant
    and t.tenant_no <> all (i.indkey::int2[])

  union all select 'G14 tenant table whose primary key is missing or without tenant_id', relname, null
  from tables where has_tenant and not exists (select from pg_index i
    where i.indrelid = tables.oid and i.indisprimary and tables.tenant_no = any (i.indkey::int2[]))

  union all select 'G15 right on a partition; only its parent may be used', rolname || ' ' || verb || ' ' || relname, null
  from rights where relispartition

  union all select 'G16 role that is above row level security', rolname, null
  from who where rolsuper or rolcreaterole or rolcreatedb or rolreplication or (rolbypassrls and kind <> 'ingest')

  union all select 'G17 role that owns something outside the schema of the queue', who.rolname || ' ' || c.oid::regclass::text, null
  from who join pg_class c on c.relowner = who.oid
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^(pg_|information_schema)' and not (who.kind = 'jobs' and n.nspname = 'bullmq')

  union all select 'G18 role that is a member of another role', who.rolname || ' ' || r.rolname, null
  from who join pg_auth_members m on m.member = who.oid join pg_roles r on r.oid = m.roleid

  union all select 'G19 right to truncate, reference or add triggers', who.rolname || ' ' || verb || ' ' || relname, null
  from tables, who, unnest(array['truncate', 'references', 'trigger']) as verb
  where has_table_privilege(who.oid, tables.oid, verb)

  union all select 'G20 right of the queue role in a schema that is not its own', rolname || ' ' || verb || ' ' || s.nspname, null
  from who, unnest(array['usage', 'create']) as verb,
    (select oid, nspname from pg_namespace where nspname in ('public', 'sys')) as s
  where kind = 'jobs' and has_schema_privilege(who.oid, s.oid, verb)
  union all select 'G20 right of the queue role in a schema that is not its own', rolname || ' ' || verb || ' ' || relname, null
  from rights where kind = 'jobs'

  union all select 'G21 right of the ingest role beyond INSERT', rolname || ' ' || verb || ' ' || relname, null
  from rights where kind = 'ingest' and verb <> 'insert'

  union all select 'G22 table that the ingest role fills and no migration accounts for', relname, 'ingest:' || relname
  from rights where kind = 'ingest' and verb = 'insert'

  union all select 'G23 role that may create objects beside the tables', rolname || ' ' || s.nspname, null
  from who, (select oid, nspname from pg_namespace where nspname in ('public', 'sys')) as s
  where has_schema_privilege(who.oid, s.oid, 'create')

  union all select 'G24 shared table that the app role may change', relname, null
  from rights where kind = 'app' and not has_tenant and not is_confined and verb <> 'select'

  union all select 'G25 table without tenants that the app role reads and no migration shares', relname, 'shared:' || relname
  from rights where kind = 'app' and not has_tenant and not is_confined and verb = 'select'

  union all select 'G26 default privilege that opens tables not yet made', coalesce(who.rolname, 'public') || ' ' || acl.privilege_type, null
  from pg_default_acl d cross join lateral aclexplode(d.defaclacl) as acl
  left join who on who.oid = acl.grantee
  where d.defaclobjtype = 'r' and (acl.grantee = 0 or who.oid is not null)
    and d.defaclnamespace in (0, 'public'::regnamespace, coalesce(to_regnamespace('sys'), 0::oid))
)
select distinct rule, object from found
where not exists (select from sys.gate_allow where obj = found.allow_key)
order by rule, object;
