(()=>{var H=(i,t,s)=>()=>{if(s)throw s[0];try{return i&&(t=i(i=0)),t}catch(e){throw s=[e],e}};var Or=(i,t)=>()=>{try{return t||i((t={exports:{}}).exports,t),t.exports}catch(s){throw t=0,s}};var ft,Rt=H(()=>{ft=class extends Event{constructor(t,s,e,a){super("context-request",{bubbles:!0,composed:!0}),this.context=t,this.contextTarget=s,this.callback=e,this.subscribe=a??!1}}});var qs=H(()=>{});var $t,Xi=H(()=>{Rt();$t=class{constructor(t,s,e,a){if(this.subscribe=!1,this.provided=!1,this.value=void 0,this.t=(l,r)=>{this.unsubscribe&&(this.unsubscribe!==r&&(this.provided=!1,this.unsubscribe()),this.subscribe||this.unsubscribe()),this.value=l,this.host.requestUpdate(),this.provided&&!this.subscribe||(this.provided=!0,this.callback&&this.callback(l,r)),this.unsubscribe=r},this.host=t,s.context!==void 0){let l=s;this.context=l.context,this.callback=l.callback,this.subscribe=l.subscribe??!1}else this.context=s,this.callback=e,this.subscribe=a??!1;this.host.addController(this)}hostConnected(){this.dispatchRequest()}hostDisconnected(){this.unsubscribe&&(this.unsubscribe(),this.unsubscribe=void 0)}dispatchRequest(){this.host.dispatchEvent(new ft(this.context,this.host,this.t,this.subscribe))}}});var mi,Zs=H(()=>{mi=class{get value(){return this.o}set value(t){this.setValue(t)}setValue(t,s=!1){let e=s||!Object.is(t,this.o);this.o=t,e&&this.updateObservers()}constructor(t){this.subscriptions=new Map,this.updateObservers=()=>{for(let[s,{disposer:e}]of this.subscriptions)s(this.o,e)},t!==void 0&&(this.value=t)}addCallback(t,s,e){if(!e)return void t(this.value);this.subscriptions.has(t)||this.subscriptions.set(t,{disposer:()=>{this.subscriptions.delete(t)},consumerHost:s});let{disposer:a}=this.subscriptions.get(t);t(this.value,a)}clearCallbacks(){this.subscriptions.clear()}}});var Yi,kt,es=H(()=>{Rt();Zs();Yi=class extends Event{constructor(t,s){super("context-provider",{bubbles:!0,composed:!0}),this.context=t,this.contextTarget=s}},kt=class extends mi{constructor(t,s,e){super(s.context!==void 0?s.initialValue:e),this.onContextRequest=a=>{if(a.context!==this.context)return;let l=a.contextTarget??a.composedPath()[0];l!==this.host&&(a.stopPropagation(),this.addCallback(a.callback,l,a.subscribe))},this.onProviderRequest=a=>{if(a.context!==this.context||(a.contextTarget??a.composedPath()[0])===this.host)return;let l=new Set;for(let[r,{consumerHost:c}]of this.subscriptions)l.has(r)||(l.add(r),c.dispatchEvent(new ft(this.context,c,r,!0)));a.stopPropagation()},this.host=t,s.context!==void 0?this.context=s.context:this.context=s,this.attachListeners(),this.host.addController?.(this)}attachListeners(){this.host.addEventListener("context-request",this.onContextRequest),this.host.addEventListener("context-provider",this.onProviderRequest)}hostConnected(){this.host.dispatchEvent(new Yi(this.context,this.host))}}});var Ws=H(()=>{Rt();});function Nt({context:i}){return(t,s)=>{let e=new WeakMap;if(typeof s=="object")return{get(){return t.get.call(this)},set(a){return e.get(this).setValue(a),t.set.call(this,a)},init(a){return e.set(this,new kt(this,{context:i,initialValue:a})),a}};{t.constructor.addInitializer((r=>{e.set(r,new kt(r,{context:i}))}));let a=Object.getOwnPropertyDescriptor(t,s),l;if(a===void 0){let r=new WeakMap;l={get(){return r.get(this)},set(c){e.get(this).setValue(c),r.set(this,c)},configurable:!0,enumerable:!0}}else{let r=a.set;l={...a,set(c){e.get(this).setValue(c),r?.call(this,c)}}}return void Object.defineProperty(t,s,l)}}}var Gs=H(()=>{es();});function oe({context:i,subscribe:t}){return(s,e)=>{typeof e=="object"?e.addInitializer((function(){new $t(this,{context:i,callback:a=>{s.set.call(this,a)},subscribe:t})})):s.constructor.addInitializer((a=>{new $t(a,{context:i,callback:l=>{a[e]=l},subscribe:t})}))}}var Ks=H(()=>{Xi();});var Ae=H(()=>{Rt();qs();Xi();es();Ws();Gs();Ks()});var fi,vi,ts,Js,Lt,Qs,ie,Xs,is,ss=H(()=>{fi=globalThis,vi=fi.ShadowRoot&&(fi.ShadyCSS===void 0||fi.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,ts=Symbol(),Js=new WeakMap,Lt=class{constructor(t,s,e){if(this._$cssResult$=!0,e!==ts)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=s}get styleSheet(){let t=this.o,s=this.t;if(vi&&t===void 0){let e=s!==void 0&&s.length===1;e&&(t=Js.get(s)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),e&&Js.set(s,t))}return t}toString(){return this.cssText}},Qs=i=>new Lt(typeof i=="string"?i:i+"",void 0,ts),ie=(i,...t)=>{let s=i.length===1?i[0]:t.reduce((e,a,l)=>e+(r=>{if(r._$cssResult$===!0)return r.cssText;if(typeof r=="number")return r;throw Error("Value passed to 'css' function must be a 'css' function result: "+r+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(a)+i[l+1],i[0]);return new Lt(s,i,ts)},Xs=(i,t)=>{if(vi)i.adoptedStyleSheets=t.map(s=>s instanceof CSSStyleSheet?s:s.styleSheet);else for(let s of t){let e=document.createElement("style"),a=fi.litNonce;a!==void 0&&e.setAttribute("nonce",a),e.textContent=s.cssText,i.appendChild(e)}},is=vi?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let s="";for(let e of t.cssRules)s+=e.cssText;return Qs(s)})(i):i});var Ur,Pr,Rr,Nr,Lr,Fr,pi,Ys,qr,Zr,Ft,qt,ui,ea,We,Zt=H(()=>{ss();ss();({is:Ur,defineProperty:Pr,getOwnPropertyDescriptor:Rr,getOwnPropertyNames:Nr,getOwnPropertySymbols:Lr,getPrototypeOf:Fr}=Object),pi=globalThis,Ys=pi.trustedTypes,qr=Ys?Ys.emptyScript:"",Zr=pi.reactiveElementPolyfillSupport,Ft=(i,t)=>i,qt={toAttribute(i,t){switch(t){case Boolean:i=i?qr:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let s=i;switch(t){case Boolean:s=i!==null;break;case Number:s=i===null?null:Number(i);break;case Object:case Array:try{s=JSON.parse(i)}catch{s=null}}return s}},ui=(i,t)=>!Ur(i,t),ea={attribute:!0,type:String,converter:qt,reflect:!1,useDefault:!1,hasChanged:ui};Symbol.metadata??=Symbol("metadata"),pi.litPropertyMetadata??=new WeakMap;We=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,s=ea){if(s.state&&(s.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0),this.elementProperties.set(t,s),!s.noAccessor){let e=Symbol(),a=this.getPropertyDescriptor(t,e,s);a!==void 0&&Pr(this.prototype,t,a)}}static getPropertyDescriptor(t,s,e){let{get:a,set:l}=Rr(this.prototype,t)??{get(){return this[s]},set(r){this[s]=r}};return{get:a,set(r){let c=a?.call(this);l?.call(this,r),this.requestUpdate(t,c,e)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??ea}static _$Ei(){if(this.hasOwnProperty(Ft("elementProperties")))return;let t=Fr(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(Ft("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Ft("properties"))){let s=this.properties,e=[...Nr(s),...Lr(s)];for(let a of e)this.createProperty(a,s[a])}let t=this[Symbol.metadata];if(t!==null){let s=litPropertyMetadata.get(t);if(s!==void 0)for(let[e,a]of s)this.elementProperties.set(e,a)}this._$Eh=new Map;for(let[s,e]of this.elementProperties){let a=this._$Eu(s,e);a!==void 0&&this._$Eh.set(a,s)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let s=[];if(Array.isArray(t)){let e=new Set(t.flat(1/0).reverse());for(let a of e)s.unshift(is(a))}else t!==void 0&&s.push(is(t));return s}static _$Eu(t,s){let e=s.attribute;return e===!1?void 0:typeof e=="string"?e:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,s=this.constructor.elementProperties;for(let e of s.keys())this.hasOwnProperty(e)&&(t.set(e,this[e]),delete this[e]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Xs(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,s,e){this._$AK(t,e)}_$ET(t,s){let e=this.constructor.elementProperties.get(t),a=this.constructor._$Eu(t,e);if(a!==void 0&&e.reflect===!0){let l=(e.converter?.toAttribute!==void 0?e.converter:qt).toAttribute(s,e.type);this._$Em=t,l==null?this.removeAttribute(a):this.setAttribute(a,l),this._$Em=null}}_$AK(t,s){let e=this.constructor,a=e._$Eh.get(t);if(a!==void 0&&this._$Em!==a){let l=e.getPropertyOptions(a),r=typeof l.converter=="function"?{fromAttribute:l.converter}:l.converter?.fromAttribute!==void 0?l.converter:qt;this._$Em=a;let c=r.fromAttribute(s,l.type);this[a]=c??this._$Ej?.get(a)??c,this._$Em=null}}requestUpdate(t,s,e,a=!1,l){if(t!==void 0){let r=this.constructor;if(a===!1&&(l=this[t]),e??=r.getPropertyOptions(t),!((e.hasChanged??ui)(l,s)||e.useDefault&&e.reflect&&l===this._$Ej?.get(t)&&!this.hasAttribute(r._$Eu(t,e))))return;this.C(t,s,e)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,s,{useDefault:e,reflect:a,wrapped:l},r){e&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,r??s??this[t]),l!==!0||r!==void 0)||(this._$AL.has(t)||(this.hasUpdated||e||(s=void 0),this._$AL.set(t,s)),a===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(s){Promise.reject(s)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[a,l]of this._$Ep)this[a]=l;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[a,l]of e){let{wrapped:r}=l,c=this[a];r!==!0||this._$AL.has(a)||c===void 0||this.C(a,void 0,l,c)}}let t=!1,s=this._$AL;try{t=this.shouldUpdate(s),t?(this.willUpdate(s),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(s)):this._$EM()}catch(e){throw t=!1,this._$EM(),e}t&&this._$AE(s)}willUpdate(t){}_$AE(t){this._$EO?.forEach(s=>s.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(s=>this._$ET(s,this[s])),this._$EM()}updated(t){}firstUpdated(t){}};We.elementStyles=[],We.shadowRootOptions={mode:"open"},We[Ft("elementProperties")]=new Map,We[Ft("finalized")]=new Map,Zr?.({ReactiveElement:We}),(pi.reactiveElementVersions??=[]).push("2.1.2")});function ca(i,t){if(!hs(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return ia!==void 0?ia.createHTML(t):t}function zt(i,t,s=i,e){if(t===De)return t;let a=e!==void 0?s._$Co?.[e]:s._$Cl,l=Kt(t)?void 0:t._$litDirective$;return a?.constructor!==l&&(a?._$AO?.(!1),l===void 0?a=void 0:(a=new l(i),a._$AT(i,s,e)),e!==void 0?(s._$Co??=[])[e]=a:s._$Cl=a),a!==void 0&&(t=zt(i,a._$AS(i,t.values),a,e)),t}var rs,ta,gi,ia,os,Ge,ls,Wr,_t,Gt,Kt,hs,ha,as,Wt,sa,aa,ut,ra,oa,na,ns,n,E,Ul,De,ce,la,gt,da,Jt,_i,Ct,bt,zi,bi,yi,xi,ma,Gr,fa,Ke=H(()=>{rs=globalThis,ta=i=>i,gi=rs.trustedTypes,ia=gi?gi.createPolicy("lit-html",{createHTML:i=>i}):void 0,os="$lit$",Ge=`lit$${Math.random().toFixed(9).slice(2)}$`,ls="?"+Ge,Wr=`<${ls}>`,_t=document,Gt=()=>_t.createComment(""),Kt=i=>i===null||typeof i!="object"&&typeof i!="function",hs=Array.isArray,ha=i=>hs(i)||typeof i?.[Symbol.iterator]=="function",as=`[ 	
\f\r]`,Wt=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,sa=/-->/g,aa=/>/g,ut=RegExp(`>|${as}(?:([^\\s"'>=/]+)(${as}*=${as}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),ra=/'/g,oa=/"/g,na=/^(?:script|style|textarea|title)$/i,ns=i=>(t,...s)=>({_$litType$:i,strings:t,values:s}),n=ns(1),E=ns(2),Ul=ns(3),De=Symbol.for("lit-noChange"),ce=Symbol.for("lit-nothing"),la=new WeakMap,gt=_t.createTreeWalker(_t,129);da=(i,t)=>{let s=i.length-1,e=[],a,l=t===2?"<svg>":t===3?"<math>":"",r=Wt;for(let c=0;c<s;c++){let z=i[c],f,h,o=-1,w=0;for(;w<z.length&&(r.lastIndex=w,h=r.exec(z),h!==null);)w=r.lastIndex,r===Wt?h[1]==="!--"?r=sa:h[1]!==void 0?r=aa:h[2]!==void 0?(na.test(h[2])&&(a=RegExp("</"+h[2],"g")),r=ut):h[3]!==void 0&&(r=ut):r===ut?h[0]===">"?(r=a??Wt,o=-1):h[1]===void 0?o=-2:(o=r.lastIndex-h[2].length,f=h[1],r=h[3]===void 0?ut:h[3]==='"'?oa:ra):r===oa||r===ra?r=ut:r===sa||r===aa?r=Wt:(r=ut,a=void 0);let b=r===ut&&i[c+1].startsWith("/>")?" ":"";l+=r===Wt?z+Wr:o>=0?(e.push(f),z.slice(0,o)+os+z.slice(o)+Ge+b):z+Ge+(o===-2?c:b)}return[ca(i,l+(i[s]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),e]},Jt=class i{constructor({strings:t,_$litType$:s},e){let a;this.parts=[];let l=0,r=0,c=t.length-1,z=this.parts,[f,h]=da(t,s);if(this.el=i.createElement(f,e),gt.currentNode=this.el.content,s===2||s===3){let o=this.el.content.firstChild;o.replaceWith(...o.childNodes)}for(;(a=gt.nextNode())!==null&&z.length<c;){if(a.nodeType===1){if(a.hasAttributes())for(let o of a.getAttributeNames())if(o.endsWith(os)){let w=h[r++],b=a.getAttribute(o).split(Ge),_=/([.?@])?(.*)/.exec(w);z.push({type:1,index:l,name:_[2],strings:b,ctor:_[1]==="."?zi:_[1]==="?"?bi:_[1]==="@"?yi:bt}),a.removeAttribute(o)}else o.startsWith(Ge)&&(z.push({type:6,index:l}),a.removeAttribute(o));if(na.test(a.tagName)){let o=a.textContent.split(Ge),w=o.length-1;if(w>0){a.textContent=gi?gi.emptyScript:"";for(let b=0;b<w;b++)a.append(o[b],Gt()),gt.nextNode(),z.push({type:2,index:++l});a.append(o[w],Gt())}}}else if(a.nodeType===8)if(a.data===ls)z.push({type:2,index:l});else{let o=-1;for(;(o=a.data.indexOf(Ge,o+1))!==-1;)z.push({type:7,index:l}),o+=Ge.length-1}l++}}static createElement(t,s){let e=_t.createElement("template");return e.innerHTML=t,e}};_i=class{constructor(t,s){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=s}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:s},parts:e}=this._$AD,a=(t?.creationScope??_t).importNode(s,!0);gt.currentNode=a;let l=gt.nextNode(),r=0,c=0,z=e[0];for(;z!==void 0;){if(r===z.index){let f;z.type===2?f=new Ct(l,l.nextSibling,this,t):z.type===1?f=new z.ctor(l,z.name,z.strings,this,t):z.type===6&&(f=new xi(l,this,t)),this._$AV.push(f),z=e[++c]}r!==z?.index&&(l=gt.nextNode(),r++)}return gt.currentNode=_t,a}p(t){let s=0;for(let e of this._$AV)e!==void 0&&(e.strings!==void 0?(e._$AI(t,e,s),s+=e.strings.length-2):e._$AI(t[s])),s++}},Ct=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,s,e,a){this.type=2,this._$AH=ce,this._$AN=void 0,this._$AA=t,this._$AB=s,this._$AM=e,this.options=a,this._$Cv=a?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,s=this._$AM;return s!==void 0&&t?.nodeType===11&&(t=s.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,s=this){t=zt(this,t,s),Kt(t)?t===ce||t==null||t===""?(this._$AH!==ce&&this._$AR(),this._$AH=ce):t!==this._$AH&&t!==De&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):ha(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==ce&&Kt(this._$AH)?this._$AA.nextSibling.data=t:this.T(_t.createTextNode(t)),this._$AH=t}$(t){let{values:s,_$litType$:e}=t,a=typeof e=="number"?this._$AC(t):(e.el===void 0&&(e.el=Jt.createElement(ca(e.h,e.h[0]),this.options)),e);if(this._$AH?._$AD===a)this._$AH.p(s);else{let l=new _i(a,this),r=l.u(this.options);l.p(s),this.T(r),this._$AH=l}}_$AC(t){let s=la.get(t.strings);return s===void 0&&la.set(t.strings,s=new Jt(t)),s}k(t){hs(this._$AH)||(this._$AH=[],this._$AR());let s=this._$AH,e,a=0;for(let l of t)a===s.length?s.push(e=new i(this.O(Gt()),this.O(Gt()),this,this.options)):e=s[a],e._$AI(l),a++;a<s.length&&(this._$AR(e&&e._$AB.nextSibling,a),s.length=a)}_$AR(t=this._$AA.nextSibling,s){for(this._$AP?.(!1,!0,s);t!==this._$AB;){let e=ta(t).nextSibling;ta(t).remove(),t=e}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},bt=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,s,e,a,l){this.type=1,this._$AH=ce,this._$AN=void 0,this.element=t,this.name=s,this._$AM=a,this.options=l,e.length>2||e[0]!==""||e[1]!==""?(this._$AH=Array(e.length-1).fill(new String),this.strings=e):this._$AH=ce}_$AI(t,s=this,e,a){let l=this.strings,r=!1;if(l===void 0)t=zt(this,t,s,0),r=!Kt(t)||t!==this._$AH&&t!==De,r&&(this._$AH=t);else{let c=t,z,f;for(t=l[0],z=0;z<l.length-1;z++)f=zt(this,c[e+z],s,z),f===De&&(f=this._$AH[z]),r||=!Kt(f)||f!==this._$AH[z],f===ce?t=ce:t!==ce&&(t+=(f??"")+l[z+1]),this._$AH[z]=f}r&&!a&&this.j(t)}j(t){t===ce?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},zi=class extends bt{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===ce?void 0:t}},bi=class extends bt{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==ce)}},yi=class extends bt{constructor(t,s,e,a,l){super(t,s,e,a,l),this.type=5}_$AI(t,s=this){if((t=zt(this,t,s,0)??ce)===De)return;let e=this._$AH,a=t===ce&&e!==ce||t.capture!==e.capture||t.once!==e.once||t.passive!==e.passive,l=t!==ce&&(e===ce||a);a&&this.element.removeEventListener(this.name,this,e),l&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},xi=class{constructor(t,s,e){this.element=t,this.type=6,this._$AN=void 0,this._$AM=s,this.options=e}get _$AU(){return this._$AM._$AU}_$AI(t){zt(this,t)}},ma={M:os,P:Ge,A:ls,C:1,L:da,R:_i,D:ha,V:zt,I:Ct,H:bt,N:bi,U:yi,B:zi,F:xi},Gr=rs.litHtmlPolyfillSupport;Gr?.(Jt,Ct),(rs.litHtmlVersions??=[]).push("3.3.3");fa=(i,t,s)=>{let e=s?.renderBefore??t,a=e._$litPart$;if(a===void 0){let l=s?.renderBefore??null;e._$litPart$=a=new Ct(t.insertBefore(Gt(),l),l,void 0,s??{})}return a._$AI(i),a}});var cs,J,Kr,va=H(()=>{Zt();Zt();Ke();Ke();cs=globalThis,J=class extends We{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let s=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=fa(s,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return De}};J._$litElement$=!0,J.finalized=!0,cs.litElementHydrateSupport?.({LitElement:J});Kr=cs.litElementPolyfillSupport;Kr?.({LitElement:J});(cs.litElementVersions??=[]).push("4.2.2")});var pa=H(()=>{});var N=H(()=>{Zt();Ke();va();pa()});var ae,ua=H(()=>{ae=i=>(t,s)=>{s!==void 0?s.addInitializer(()=>{customElements.define(i,t)}):customElements.define(i,t)}});function g(i){return(t,s)=>typeof s=="object"?Qr(i,t,s):((e,a,l)=>{let r=a.hasOwnProperty(l);return a.constructor.createProperty(l,e),r?Object.getOwnPropertyDescriptor(a,l):void 0})(i,t,s)}var Jr,Qr,ds=H(()=>{Zt();Jr={attribute:!0,type:String,converter:qt,reflect:!1,hasChanged:ui},Qr=(i=Jr,t,s)=>{let{kind:e,metadata:a}=s,l=globalThis.litPropertyMetadata.get(a);if(l===void 0&&globalThis.litPropertyMetadata.set(a,l=new Map),e==="setter"&&((i=Object.create(i)).wrapped=!0),l.set(s.name,i),e==="accessor"){let{name:r}=s;return{set(c){let z=t.get.call(this);t.set.call(this,c),this.requestUpdate(r,z,i,!0,c)},init(c){return c!==void 0&&this.C(r,void 0,i,c),c}}}if(e==="setter"){let{name:r}=s;return function(c){let z=this[r];t.call(this,c),this.requestUpdate(r,z,i,!0,c)}}throw Error("Unsupported decorator location: "+e)}});var ga=H(()=>{ds();});var _a=H(()=>{});var Tt=H(()=>{});var za=H(()=>{Tt();});var ba=H(()=>{Tt();});var ya=H(()=>{Tt();});var xa=H(()=>{Tt();});var Ma=H(()=>{Tt();});var pe=H(()=>{ua();ds();ga();_a();za();ba();ya();xa();Ma()});var Et,yt,vt,At=H(()=>{Et={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},yt=i=>(...t)=>({_$litDirective$:i,values:t}),vt=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,s,e){this._$Ct=t,this._$AM=s,this._$Ci=e}_$AS(t,s){return this.update(t,s)}update(t,s){return this.render(...s)}}});var Ce,wa=H(()=>{Ke();At();Ce=yt(class extends vt{constructor(i){if(super(i),i.type!==Et.ATTRIBUTE||i.name!=="class"||i.strings?.length>2)throw Error("`classMap()` can only be used in the `class` attribute and must be the only part in the attribute.")}render(i){return" "+Object.keys(i).filter(t=>i[t]).join(" ")+" "}update(i,[t]){if(this.st===void 0){this.st=new Set,i.strings!==void 0&&(this.nt=new Set(i.strings.join(" ").split(/\s/).filter(e=>e!=="")));for(let e in t)t[e]&&!this.nt?.has(e)&&this.st.add(e);return this.render(t)}let s=i.element.classList;for(let e of this.st)e in t||(s.remove(e),this.st.delete(e));for(let e in t){let a=!!t[e];a===this.st.has(e)||this.nt?.has(e)||(a?(s.add(e),this.st.add(e)):(s.remove(e),this.st.delete(e)))}return De}})});var xt=H(()=>{wa()});var F,Ha=H(()=>{Ke();F=i=>i??ce});var Oe=H(()=>{Ha()});function D(i,t,s){return i?t(i):s?.(i)}var $a=H(()=>{});var Se=H(()=>{$a()});var Ph,ka,Ca=H(()=>{Ke();({I:Ph}=ma),ka=i=>i.strings===void 0});function Xr(i){this._$AN!==void 0?(wi(this),this._$AM=i,Ta(this)):this._$AM=i}function Yr(i,t=!1,s=0){let e=this._$AH,a=this._$AN;if(a!==void 0&&a.size!==0)if(t)if(Array.isArray(e))for(let l=s;l<e.length;l++)Qt(e[l],!1),wi(e[l]);else e!=null&&(Qt(e,!1),wi(e));else Qt(this,i)}var Qt,wi,Ta,eo,Hi,Ea=H(()=>{Ca();At();At();Qt=(i,t)=>{let s=i._$AN;if(s===void 0)return!1;for(let e of s)e._$AO?.(t,!1),Qt(e,t);return!0},wi=i=>{let t,s;do{if((t=i._$AM)===void 0)break;s=t._$AN,s.delete(i),i=t}while(s?.size===0)},Ta=i=>{for(let t;t=i._$AM;i=t){let s=t._$AN;if(s===void 0)t._$AN=s=new Set;else if(s.has(i))break;s.add(i),eo(t)}};eo=i=>{i.type==Et.CHILD&&(i._$AP??=Yr,i._$AQ??=Xr)},Hi=class extends vt{constructor(){super(...arguments),this._$AN=void 0}_$AT(t,s,e){super._$AT(t,s,e),Ta(this),this.isConnected=t._$AU}_$AO(t,s=!0){t!==this.isConnected&&(this.isConnected=t,t?this.reconnected?.():this.disconnected?.()),s&&(Qt(this,t),wi(this))}setValue(t){if(ka(this._$Ct))this._$Ct._$AI(t,this);else{let s=[...this._$Ct._$AH];s[this._$Ci]=t,this._$Ct._$AI(s,this,0)}}disconnected(){}reconnected(){}}});var Aa=H(()=>{Ea()});var Va=H(()=>{At()});var ja=H(()=>{Ke()});var ms,A,Q=H(()=>{Aa();Va();ja();ms=class extends Hi{host;element;prevData={};eventData={};render(t){return ce}update(t,[s]){this.element!==t.element&&(this.element=t.element),this.host=t.options?.host??this.element,this.apply(s),this.groom(s),this.prevData={...s}}apply(t){if(!t)return;let{prevData:s,element:e}=this;for(let[a,l]of Object.entries(t)){if(l===s[a])continue;let r=a.slice(1);switch(a[0]){case"@":this.eventData[r]=l,this.applyEvent(r,l);break;case".":e[r]=l;break;case"?":l?e.setAttribute(r,""):e.removeAttribute(r);break;default:l===null?e.removeAttribute(a):e.setAttribute(a,String(l));break}}}groom(t){let{prevData:s,element:e}=this;if(s)for(let[a,l]of Object.entries(s)){let r=a.slice(1);if(!t||!(a in t)&&e[r]===l)switch(a[0]){case"@":this.groomEvent(r,l);break;case".":e[r]=void 0;break;case"?":e.removeAttribute(r);break;default:e.removeAttribute(a);break}}}applyEvent(t,s){let{prevData:e,element:a}=this;this.eventData[t]=s,e[t]&&a.removeEventListener(t,this,s),a.addEventListener(t,this,s)}groomEvent(t,s){let{element:e}=this;Reflect.deleteProperty(this.eventData,t),e.removeEventListener(t,this,s)}handleEvent(t){let s=this.eventData[t.type];typeof s=="function"?s.call(this.host,t):s.handleEvent(t)}disconnected(){let{eventData:t,element:s}=this;for(let[e,a]of Object.entries(t)){let l=e.slice(1);s.removeEventListener(l,this,a)}}reconnected(){let{eventData:t,element:s}=this;for(let[e,a]of Object.entries(t)){let l=e.slice(1);s.addEventListener(l,this,a)}}},A=yt(ms)});function $i(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${to}
	</svg>`}var to,Sa=H(()=>{N();Q();to=E`
	<path d="M5.688 3.5v.438H5.25v.438h-.438V1.313h-.438V.875h-.436V.438H3.5v6.125h2.625v-.438H5.25v-.438h.438v-.438h.438v-.438h.438V3.5z" fill="#b79cf8"/>
	<path d="M3.063.438v.438h-.438v.438h-.437v3.5h-.875v-.438H.438v1.75h.438v.438h2.625V.438z" fill="#ff7fc0"/>
	<path d="M3.938 0h-.875v.438h.875zm-.875.438h-.438v.438h.438z" fill="#000"/>
	<path d="M3.938.438h-.875v.438h.875zm-.875.437h-.438v.438h.438zm0 1.75h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M2.188 5.25H1.75v.438h.438z" fill="#ffa5d3"/>
	<path d="M2.625 5.25h-.437v.438h.438zm-1.75.438H.438v.438h.438zm2.625.438H.875v.438H3.5z" fill="#ff1c90"/>
	<path d="M1.75 5.688h-.437v.438h.438zm-.438-.438H.875v.438h.438zm1.313-.875V3.5h-.437v1.313h.438v1.313h.438v-1.75zm.438-3.5v1.313h-.438v.438h.438v1.313h.438V.875z" fill="#ffa5d3"/>
	<path d="M6.125 3.5h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-3.5.875h-.874v.438h.875zm-.875-.438H.438v.438h.875z" fill="#f0f0f0"/>
	<path d="M.875 5.25v-.875H.438v.875z" fill="#f0f0f0"/>
	<path d="M4.813 1.313h-.438v.438h.438z" fill="#cdbafa"/>
	<path d="M2.625 1.313h-.437v1.313h.438z" fill="#f0f0f0"/>
	<path d="M4.375.438h-.437v.438h.438zm.438.438h-.438v.438h.438zM2.625 4.814h-.437v.438h.438zm3.938 0h-.438v.438h.438zm-.875.438v.438H5.25v.438h.875v-.875zm.438.875v.438H.875v.438h5.688v-.875zM.875 6.125H.438v.438h.438zM7 3.062H5.687V3.5H7zm-5.687.876H0v.438h1.313z" fill="#000"/>
	<path d="M.438 6.125V3.938H0v2.188zm6.563-1.313V3.5h-.438v1.313zM2.625.875h-.437v.438h.438zm-.875.438v3.063h-.437v.438h.875V1.313zm3.5 2.188V1.313h-.438v3.063h.438v-.438h.438V3.5z" fill="#000"/>
	<path d="M3.938.875H3.5v.875h.438zm.438 1.75V1.75h-.438V3.5h.438v.438h.438V2.625zm.875 1.75h-.438v.438h.438zm-1.313 0H3.5v1.313h.438zm.875 1.313h-.438v.438h.438zm0-.875h-.438v.438h.438zm.438.438h-.438v.438h.438z" fill="#cdbafa"/>
	<path d="M5.25 6.125v-.438h-.438v.438H3.5v.438h2.625v-.438zm.438-.875H5.25v.438h.438zm.438-.438h-.438v.438h.438z" fill="#816bee"/>
`});function ki(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${io}
	</svg>`}var io,Ia=H(()=>{N();Q();io=E`
	<path d="M4.375 1.75v-.437h-.437V.438h-.875v.875h-.438v.438h-.437v.438h.438v.438h.438v.438h.875v-.44h.438v-.437h.438V1.75z" fill="#47baff"/>
	<path d="M4.375 5.25v.438h-.437v.875h-.875v-.875h-.438V5.25h-.437v-.438h.438v-.438h.438v-.436h.875v.438h.438v.438h.438v.438z" fill="#ff2c52"/>
	<path d="M3.063 0v.438h.875V0z" fill="#000"/>
	<path d="M3.063.438v.438h.875V.438z" fill="#f0f0f0"/>
	<path d="M3.063 2.625v.438h.875v-.438z" fill="#4282d8"/>
	<path d="M3.063.438h-.438v.875h.438zM.438 3.063H0v.875h.438zm.875 0v-.438H.438v.438zm1.313-1.75h-.438v.438h.438z" fill="#000"/>
	<path d="M2.625 1.75h-.437v.438h.438zm.438-.438h-.438v.438h.438zm0 2.625v.438h.875v-.437z" fill="#f0f0f0"/>
	<path d="M3.063 6.125v.438h.875v-.438zm0-.875h-.438v.438h.438zm-.438-.438h-.437v.438h.438z" fill="#be0351"/>
	<path d="M3.063 4.375h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M3.938 5.688h.438V5.25h-.438zm.438-.438h.438v-.438h-.438zm-.438-.438h.438v-.438h-.438z" fill="#be0351"/>
	<path d="M3.5 1.75h-.437v.438h.438z" fill="#f0f0f0"/>
	<path d="M4.375 2.188h-.437v.438h.438zm.438-.438h-.438v.438h.438z" fill="#4282d8"/>
	<path d="M5.25 4.375h.438v-.437h.875v-.875h-.875v-.438H5.25v-.437h-.438v.438h-.438v.438h-.436v.875h.438v.438h.438v.438h.438z" fill="#C7C7C7"/>
	<path d="M6.563 3.063h-.438v.875h.438z" fill="#707070"/>
	<path d="M5.25 2.625v-.437h-.438v.438zm-.438.438v-.438h-.438v.438z" fill="#fff"/>
	<path d="M4.813 4.375v-.437h-.438v.438zm-.438-.438V3.5h-.437v.438zm1.313.438v-.437H5.25v.438zm-.438.438v-.438h-.438v.438z" fill="#707070"/>
	<path d="M1.75 4.375h-.437v-.437H.438v-.875h.875v-.438h.438v-.437h.438v.438h.438v.438h.438v.875h-.44v.438h-.437v.438H1.75z" fill="#C7C7C7"/>
	<path d="M.438 3.938h.438v-.875H.438z" fill="#fff"/>
	<path d="M2.625 3.938h.438v-.875h-.438z" fill="#707070"/>
	<path d="M2.188 2.625v-.437H1.75v.438zm-.438.438v-.438h-.437v.438zm.438.438v-.438H1.75v.438z" fill="#fff"/>
	<path d="M2.625 4.375v-.437h-.437v.438zm-.438.438v-.438H1.75v.438z" fill="#707070"/>
	<path d="M2.188 1.75H1.75v.438h.438zm.438.438h-.438v.438h.438zm.438.438h-.439v.438h.438zm.875.438h-.876v.875h.875zm.438.875h-.439v.438h.438zm.438.438h-.438v.438h.438zM1.75 2.188h-.437v.438h.438zm2.188 4.813v-.438h-.875v.438zm-.875-1.313h-.438v.875h.438zM.438 3.938v.438h.875v-.438zm2.188 1.313h-.438v.438h.438zm-.438-.438H1.75v.438h.438zm-.438-.438h-.437v.438h.438zm2.188-3.063h.438V.438h-.438zm2.625 2.625h.438v-.874h-.438zm0-.875v-.437h-.875v.438zM4.375 1.749h.438v-.436h-.438zm.438.438h.438V1.75h-.438zm-.438.438h.438v-.437h-.438zm-.437.438h.438v-.438h-.438zM2.625 4.376h.438v-.438h-.438zm-.438.438h.438v-.438h-.437z" fill="#000"/>
	<path d="M4.813 2.188h.438V1.75h-.438zm.438.438h.438v-.438h-.438zM3.938 6.564h.438v-.875h-.438zm1.75-2.625v.438h.875v-.439zm-1.313 1.75h.438v-.438h-.438zm.438-.438h.438v-.438h-.438zm.438-.438h.438v-.438h-.438z" fill="#000"/>
`});function Ci(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${so}
	</svg>`}var so,Da=H(()=>{N();Q();so=E`
	<path d="M6.125 3.063v-.438h-.438v.438H4.374v-.438h-.436V1.313h.438V.875H3.063v1.75h-.438v.438H.438v.875h.438v.438h.438v-.438h1.313v.438h.438v1.313h-.44v.438h.438v.438h.875v-.438h.438v-.438h-.438V4.376h.438v-.438h1.313v.438h.438v-.438h.438v-.875z" fill="#ffb84b"/>
	<path d="M3.938 0h-.875v.438h.875zM2.625.875H1.313v.438h1.313zm-1.312.438H.875v1.313h.438zm1.75 0h-.438v1.313h.438zm1.313 0h-.438v1.313h.438zm1.75 0h-.438v1.313h.438zM5.688.875H4.375v.438h1.313zm-3.063 1.75H1.313v.438h1.313zm3.063 0H4.375v.438h1.313zM3.063.438h-.438v.438h.438z" fill="#000"/>
	<path d="M2.625 1.313h-.437v.438h.438zm-.437.437H1.75v.438h.438zm3.5-.438H5.25v.438h.438zm-.438.438h-.438v.438h.438zm.438 2.625H5.25v.438h.438zm-.438.438h-.438v.438h.438zm-2.625-.438h-.437v.438h.438zm-.438.438H1.75v.438h.438z" fill="#57595f"/>
	<path d="M4.375.438h-.437v.438h.438zM.438 3.063H0v.875h.438z" fill="#000"/>
	<path d="M2.188 1.75v.438h-.875v.438h1.313V1.75zm3.063 0v.438h-.875v.438h1.313V1.75zM2.188 4.813v.438h-.875v.438h1.313v-.875zm3.063 0v.438h-.875v.438h1.313v-.875z" fill="#35363a"/>
	<path d="M.875 3.938H.438v.438h.438zm0-1.313H.438v.438h.438zM7 3.063h-.438v.875H7z" fill="#000"/>
	<path d="M6.563 3.063h-.438v.875h.438z" fill="#ba3500"/>
	<path d="M.875 3.063H.438v.875h.438z" fill="#f0f0f0"/>
	<path d="M6.563 2.625h-.438v.438h.438zm0 1.313h-.438v.438h.438z" fill="#000"/>
	<path d="M6.125 3.938h-.438v.438h.438zm-3.062 0h-.438v.438h.438zm-1.75 0H.875v.438h.438zm3.063 0h-.438v.438h.438z" fill="#ba3500"/>
	<path d="M3.938 6.563h-.875v.438h.875zm-1.313-.875H1.313v.438h1.313zM1.312 4.375H.875v1.313h.438zm1.75 0h-.437v1.313h.438zm1.313 0h-.437v1.313h.438zm1.75 0h-.438v1.313h.438zm-.438 1.313H4.374v.438h1.313zm-3.062-1.75H1.313v.438h1.313zm3.063 0H4.375v.438h1.313z" fill="#000"/>
	<path d="M2.625 3.5H1.313v.438h1.313zm3.063 0H4.375v.438h1.313z" fill="#ba3500"/>
	<path d="M3.063 6.125h-.438v.438h.438zm1.313 0h-.438v.438h.438z" fill="#000"/>
	<path d="M3.938 6.125h-.875v.438h.875z" fill="#ba3500"/>
	<path d="M3.938.438h-.875v.438h.875zm-.875.437h-.438v.438h.438V.438Z" fill="#f0f0f0"/>
	<path d="M4.375 5.688h-.437v.438h.438z" fill="#ba3500"/>
	<path d="M2.188 1.313h-.875v.875h.438V1.75h.438zm3.063 0h-.875v.875h.438V1.75h.438zM2.188 4.376h-.875v.875h.438v-.438h.438zm3.063 0h-.875v.875h.438v-.438h.438z" fill="#d8d8d8"/>
	<path d="M3.938 2.188V1.75H3.5V.875h-.437v1.313zm0 .438H3.5v.438h-.437v.438h-.438v.438h.438v.875h.438v1.313h.438v-1.75H3.5V3.5h.875v-.437h-.437zm2.188.438h-.438v.438h.438zm-3.063-.439h-.438v.438h.438zm-1.75.438H.875v.438h.438zm.875 0H1.75v.438h.438z" fill="#fd6214"/>
`});function Ti(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${ao}
	</svg>`}var ao,Oa=H(()=>{N();Q();ao=E`
	<path d="M5.688 2.625V1.75H5.25V.438h-.438v.438h-.438v.438h-.436v.438H3.5v.438H1.313v.438H.875v.875H.438v1.75h.438v.438h.438v.438h.438v.438h3.5v-.438h.438v-.438h.438V2.625z" fill="#fd6214"/>
	<path d="M0 3.5v1.75h.438V3.5zm6.563.438v1.313h.438V3.938zm-.438-1.313v1.313h.438V2.625zm-.438-.875v.875h.438V1.75z" fill="#000"/>
	<path d="M6.125 3.938v1.313h.438V3.938zm-.438-1.313v1.313h.438V2.625zm-.438-.875v.875h.438V1.75z" fill="#ba3500"/>
	<path d="M.438 2.625V3.5h.438v-.875zm2.625-1.313h-.438v.438h.438zm.875 0H3.5v.438h.438zM3.5 1.75h-.437v.438h.438zm-2.625.438v.438h.438v-.438zM.437 5.251v.438h.438v-.438zm.438.438v.438h.438v-.438zm.438.438v.438h.438v-.438zm4.813-.875v.438h.438v-.438zm-.438.438v.438h.438V5.69zm-.438.438v.438h.438v-.438zm-3.5.438v.438h3.5v-.438zM1.313 1.75v.438h.438V1.75zm.438-.438v.438h.438v-.437zm.438-.438v.438h.438V.875zm1.75 0v.438h.438V.875zm.438-.438v.438h.438V.438zm.438-.438v.438h.438V0z" fill="#000"/>
	<path d="M4.813.438v.438h.438V.438zm-.438.438v.438h.438V.875zm-.437.437v.438h.438v-.438zM3.5 1.75v.438h.438V1.75zm-1.312-.437v.438h.438v-.438zm-.438.437v.438h.438V1.75zm.875 0v.438h.438V1.75z" fill="#f0f0f0"/>
	<path d="M2.188 1.75v.438h.438V1.75z" fill="#fd6214"/>
	<path opacity=".5" d="M4.813 1.75v.438h.438V1.75zm.438 2.188V3.5h-.438v-.875h-.438v.438h-.437v.438H2.625v-.438h-.437v.875h-.875v.875h.438v.875h.438v.438h2.625v-.438h.438v-.875h.438v-.875z" fill="#fff"/>
	<path d="M1.313 2.188v.438h.438v-.438zm-.438.437V3.5h.438v-.875zm.875.875v.438h.438V3.5z" fill="#f0f0f0"/>
	<path d="M.875 5.25v.438h.438V5.25zm.438.438v.438h.438v-.438zm3.938 0v.438h.438v-.438zm.438-.438v.438h.438V5.25zm-3.938.875v.438h3.5v-.438z" fill="#ba3500"/>
	<path d="M.438 3.5v.875h.438V3.5zm4.375.875h-.438v-.437h-1.75v.438h-.437v.875h.438v.438h1.75v-.438h.438z" fill="#f0f0f0"/>
	<path d="M5.25.438v1.313h.438V.438z" fill="#000"/>
`});function Ei(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${ro}
	</svg>`}var ro,Ba=H(()=>{N();Q();ro=E`
	<path d="M6.563.875h-.438V.438H4.812v1.313h-.438V.875h-.436V.438h-.875v.438h-.438v.875h-.437V.438H.875v.438H.438v1.75h.438v.438h.875v.438h.438v.875h.438v.438h.438v.438h.875v-.438h.438v-.438h.438V3.5h.438v-.437h.875v-.438h.438z" fill="#ff7fc0"/>
	<path d="M3.938 0h-.875v.438h.875zm-1.75 0H.875v.438h1.313zm3.938 0H4.813v.438h1.313zm.438.438h-.438v.438h.438zm.438.438h-.438v1.75h.438zM4.377.438h-.439v.438h.438v.875h.438V.438zm-2.189 0v1.313h.438V.875h.438V.438zm-1.313 0H.438v.438h.438zM.438.875H0v1.75h.438zm.438 1.75H.438v.438h.438zm.875.438H.875v.438h.875zm4.375 0h-.875v.438h.875zm.438-.438h-.438v.438h.438zM5.251 3.938V3.5h-.438v.875h1.75v-.437zM1.75 3.5v.438H.438v.438h1.75V3.5zm-1.313.875H0v1.75h.438zm.438 1.75H.438v.438h.438zm5.25.438H.875v.438h5.25zm.438-.438h-.438v.438h.438zm.438-1.75h-.438v1.75h.438zm-4.376 0h-.437v.438h.438zm.438.438h-.438v.438h.438zm1.313 0h-.438v.438h.438zm.438-.438h-.438v.438h.438zm-.875.875h-.876v.438h.875z" fill="#000"/>
	<path d="M4.813 4.375v.438h-.438v.438h-.437v.438h-.875v-.438h-.438v-.438h-.437v-.438H.438v1.75h.438v.438h5.25v-.438h.438v-1.75z" fill="#6be473"/>
	<path d="M1.75 5.25h-.437v.438h.438zm-.438-.438H.875v.438h.438zM5.25 6.125v-.438h-.438v.438h-.874v-.438h-.875v.438h-.875v-.438H1.75v.438H.875v.438h5.25v-.438zm.438-.875H5.25v.438h.438zm.438-.438h-.438v.438h.438zm.438.875h-.438v.438h.438z" fill="#008456"/>
	<path d="M2.625 3.938h-.437v.438h.438zm.438.438h-.438v.438h.438zm1.313 0h-.438v.438h.438zm.438-.438h-.438v.438h.438zm.438-.875h-.438v.438h.438zm.875-.438h-.438v.438h.438zm.438-.875h-.438v.875h.438zM3.94 4.813h-.877v.438h.875z" fill="#ff1c90"/>
	<path d="M4.375 5.25h-.437v.438h.438zm.438-.438h-.438v.438h.438zm.438-.438h-.438v.438h.438zm-4.813.001v.875h.438v-.438h1.313v-.438zm.438-3.5H.438v.875h.438zM2.189.437H.875v.438h1.313zm.875.438h-.439v.438h.438zm.875-.438h-.876v.438h.875zm1.313 0h-.438v.875h.438V.875h.875V.438z" fill="#f0f0f0"/>
`});function Ai(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${oo}
	</svg>`}var oo,Ua=H(()=>{N();Q();oo=E`
	<path d="M3.063.875v.438h.875V.875zm.875-.438v.438h1.75V.438zm1.75.438v.438h.438V.875zm.438.438v.438h.438v-.438zm.438.438v2.188h.438V1.75zm-.438 2.188v.875h.438v-.876zm-.438.875v.438h.438v-.438zm-.875.438v.438h.875v-.438zm-.875.438v.438h.875V5.69zm-.875.438v.438h.875v-.438z" fill="#000"/>
	<path d="M6.563 1.75h-.438v-.437h-.438V.875H3.938v.438h-.875V.875h-1.75v.438H.875v.438H.438v2.188h.438v.875h.438v.438h.875v.438h.875v.438h.875V5.69h.875v-.438h.875v-.438h.438v-.876h.438z" fill="#ff7fc0"/>
	<path d="M6.563 1.75h-.438v2.188h.438zm-.438 2.188h-.438v.875h.438zm-4.812 0H.875v.875h.438zm4.375.875h-.875v.438h.875zm-.875.438h-.875v.438h.875zm-.875.438h-.875v.438h.875zm-.875-.438h-.875v.438h.875zm-.875-.438h-.875v.438h.875z" fill="#ff1b90"/>
	<path d="M1.313.438v.438h1.75V.438zM.875.875v.438h.438V.875zm-.437.438v.438h.438v-.438zM0 1.75v2.188h.438V1.75zm.438 2.188v.875h.438v-.875zm.438.875v.438h.438v-.438zm.438.438v.438h.875v-.438zm.875.438v.438h.875v-.438z" fill="#000"/>
	<path d="M1.313.875v.438h1.75V.875zm2.625 0v.438h1.75V.875zm-.875.438v.438h.875v-.438z" fill="#f0f0f0"/>
	<path opacity=".6" d="M4.813 2.625v-.437h-.875v.438h-.875v-.438h-.875v.438H1.75v1.313h.438v.438h.879v.438h.875v-.438h.871v-.439h.438V2.625z" fill="#fff"/>
	<path d="M5.688 1.313v.438h.438v-.438zm-4.813 0v.438h.438v-.438zm.438.438v.438h.438V1.75zM.438 1.75v.875h.438V1.75z" fill="#f0f0f0"/>
`});function Vi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${lo}
	</svg>`}var lo,Pa=H(()=>{N();Q();lo=E`
	<path d="M6.125 2.625v.438H4.812v-.438h-.438v-.437h-.436V.875h.438V.438H.438v.438h.875v.438h.438v.438h.875v.875h-.438v.438H1.75v.875h-.437v.875H.875v.875H.438v.875h1.313v-.438h.875v-.438h.438v-.438h.438v-.438h.875v-.438h.438v-.437h.438v.438h.438v.438h.438v.438h.438V2.625z" fill="#ffe361"/>
	<path d="M6.125 0H4.812v.438h1.313zM1.75 6.563H.438v.438h1.313zm.875-.438H1.75v.438h.875zM1.313.875H.438v.438h.875zm.438.875v.438h.438v.438h.438V1.75zm0 1.313h-.438v.875h.438zm-.438.875H.875v.875h.438zm-.438.875H.438v.875h.438zm-.438.875H0v.875h.438zm3.938-.875H3.5v.438h.875zm0-4.813H.438v.438h3.938z" fill="#000"/>
	<path d="M4.375.438H.438v.438h3.938z" fill="#f0f0f0"/>
	<path d="M6.125 2.625H4.812v.438h1.313zM4.812.437h-.438v.438h.438z" fill="#000"/>
	<path d="M4.813.875h-.438v.875h.438zM6.126.437H4.813v.438h1.313z" fill="#f0f0f0"/>
	<path d="M6.125 2.188H4.812v.438h1.313z" fill="#ba3500"/>
	<path d="M.438.438H0v.438h.438zm1.313.875h-.438v.438h.438zm.438 1.313H1.75v.438h.438zM6.564.438h-.438v.438h.438zm.438.438h-.438v1.313h.438z" fill="#000"/>
	<path d="M6.563.875h-.438v1.313h.438z" fill="#ba3500"/>
	<path d="M7 2.625h-.438V5.25H7z" fill="#000"/>
	<path d="M6.563 2.625h-.438V5.25h.438z" fill="#ffb84b"/>
	<path d="M6.563 2.188h-.438v.438h.438zM4.375.875h-.437v1.313h.438zm.438 1.313h-.438v.438h.438z" fill="#000"/>
	<path d="M4.813 1.75h-.438v.438h.438z" fill="#ba3500"/>
	<path d="M3.063 5.688h-.438v.438h.438z" fill="#000"/>
	<path d="M4.375 3.063v.438h-.437v.438H3.5v.438h-.437v.438h-.438v.438h-.437v.438H1.75v.438h.875v-.438h.438v-.438h.438v-.438h.875v-.438h.438V3.063zM1.75 6.126h-.437v.438h.438z" fill="#ffb84b"/>
	<path d="M3.5 5.25h-.437v.438h.438z" fill="#000"/>
	<path d="M2.188 3.063H1.75v.438h.438zm.438-.438h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M3.063 2.188h-.438v.438h.438zm.438-.438h-.438v.438h.438z" fill="#ffb84b"/>
	<path d="M2.625 3.5h-.437v.438h.438zm-.875.438h-.437v.438h.438zm-.438.875H.875v.438h.438zm-.438.875H.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M4.813 4.375h-.438v.438h.438zm.438-.438h-.438v.438h.438zm.438.438h-.438v.438h.438zm.438.438h-.438v.438h.438zm.438.438h-.438v.438h.438z" fill="#000"/>
	<path d="M6.125.875H4.812v1.313h1.313z" fill="#fd6214"/>
`});function ji(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${ho}
	</svg>`}var ho,Ra=H(()=>{N();Q();ho=E`
	<path d="M6.563 0.876V0.437H3.937v0.437H1.313v2.187H0.437v2.187h5.25v-2.186h0.876z" fill="#bcef42"/>
	<path d="M4.813 5.687v-0.437H2.187v0.437z" fill="#7fb134"/>
	<path d="M6.563 0.876V0.437H3.937v0.437zm-2.626 0.437V0.876H2.187v0.437z" fill="#fff"/>
	<path d="M1.313 4.813v0.437h0.876v-0.437zm4.376 -0.437h-0.437v0.876h0.437zm0.876 -2.187h-0.437v0.876h0.437zm-0.437 0.876h-0.437v1.313h0.437z" fill="#7fb134"/>
	<path d="M7 0.437h-0.437v2.626H7z" fill="#000"/>
	<path d="M1.313 3.937H0.876v2.626h0.437z" fill="#4a8359"/>
	<path d="M6.563 0H3.937v0.437h2.626zM4.813 5.687H2.187v0.437h2.626zM3.937 0.437H2.187v0.437h1.75zM2.187 0.876h-0.874v0.437h0.876zm-0.874 0.437H0.876v0.876h0.437zM0.437 3.063H0v2.187h0.437v1.313h0.437V5.25H0.437zh0.437v-0.876H0.437zm5.25 2.187h-0.876v0.437h0.876zm0.437 -0.876h-0.437v0.876h0.437zh0.437V3.063h-0.437zM1.75 5.687h0.437v-0.437h-0.874v1.313h0.437zm-0.437 0.876H0.876V7h0.437z" fill="#000"/>
	<path d="M0.876 3.063h0.437v-0.876H0.876zm-0.438 0.874h0.437v-0.874H0.437zm1.75 -2.626h-0.874v0.876h0.437v-0.437h0.437z" fill="#fff"/>
	<path d="M1.75 3.5h0.876v-0.437h-0.876zm0.876 -0.437h0.876v-0.437h-0.876zm0.876 -0.437h0.876v-0.438H3.5zm0.876 -0.437h0.437v-0.438h-0.437zm0.437 -0.437h0.437v-0.438H4.814z" fill="#4a8359"/>
	<path d="M2.187 1.75v0.437h0.437v-0.437z" fill="#fff"/>
	<path d="M1.313 3.5v0.437h0.437V3.5z" fill="#4a8359"/>
`});function Si(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${no}
	</svg>`}var no,Na=H(()=>{N();Q();no=E`
	<path d="M2.188 2.625H1.75v.438H.875v.875H3.5v.875h-.437v.438h-.438v.438h-.437v.438H1.75v.438h.875v-.438h.438v-.438h.438v-.438h.438v-.438h.875v-.438h.438v-.437h.875v-.875H3.063v-.438h.438v-.437h.438V1.75h.438v-.437H3.5v.438h-.437v.438h-.875z" fill="#ffe361"/>
	<path d="M.438 3.063H0v.875h.438z" fill="#000"/>
	<path d="M.875 3.063H.438v.875h.438z" fill="#f0f0f0"/>
	<path d="M7 3.063h-.438v.875H7zm-5.687-.438H.438v.438h.875zm1.313-.875H1.75v.438h.875zm-.876.438h-.437v.438h.438z" fill="#000"/>
	<path d="M1.75 2.625h-.437v.438h.438zm.438-.438H1.75v.438h.438zm.438.438h-.438v.438h.438zm.438-.875h-.439v.438h.438zm.438-.438h-.439v.438h.438zm0 3.063h-.439v.438h.438zm-.438.438h-.439v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438H1.75v.438h.438zm-.438.438h-.437v.438h.438z" fill="#f0f0f0"/>
	<path d="M5.25.875h-.438v.438h.438zm.438 3.063H5.25v.438h.438zm-.438.438h-.438v.438h.438zm-.875.438h-.437v.438h.438zm-.438.438H3.5v.438h.438zm2.625-1.75h-.438v.438h.438z" fill="#ffb84b"/>
	<path d="M6.563 3.063h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M4.813 1.313h-.438v.438h.438zm-.438.438h-.437v.438h.438zm-.437.437H3.5v.438h.438zm-.438.437h-.437v.438h.438z" fill="#ffb84b"/>
	<path d="M4.375.875h-.437v.438h.438z" fill="#f0f0f0"/>
	<path d="M3.938.875h-.875v.438h.875zm-.875.438h-.438v.438h.438zM5.688 0H4.375v.438h1.313z" fill="#000"/>
	<path d="M5.688.438H4.375v.438h1.313z" fill="#f0f0f0"/>
	<path d="M6.563 2.625H3.5v.438h3.063zM4.375.437h-.437v.438h.438zm1.75 0h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.435v.438h.438zm2.188 1.75h-.875v.438h.875zm-1.313.875h-.875v.438h.875zm.438-.438h-.438v.438h.438zm-1.75 1.313h-.873v.438h.875zm.438-.438h-.436v.438h.438zm-1.75 1.313H1.313v.438h1.313zm.875-2.625H.438v.438h3.063zm-.438 2.188h-.436v.438h.438zm-1.75 0H.875v.438h.438zm.438-.438h-.436v.438h.438zm.438-.438H1.75v.438h.438zm.438-.438h-.437v.438h.438zm.438-.438h-.438v.438h.438z" fill="#000"/>
	<path d="M4.813.875h-.438v.438h.438z" fill="#ffe361"/>
`});function Ii(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${co}
	</svg>`}var co,La=H(()=>{N();Q();co=E`
	<path d="M6.125 1.75v-.437H5.25V.438H3.5v.438h-.437v.438h-.438V.875H1.313v.438H.875v1.75H.438v1.313h.438v-.438h.438V3.5h2.188v-.875h.438v-.437h2.188v.438h.438V1.75z" fill="#b79cf8"/>
	<path d="M3.938 2.625v.438H3.5v.875h.438v.875h.875v.438h1.313v-.438h.438V2.625z" fill="#9af4dc"/>
	<path d="M1.75 4.375v1.75h.438v.438h1.313v-.438h.438v-1.75z" fill="#9af4dc"/>
	<path d="M3.5 6.125H2.188v.438h1.313zm2.625-1.313H4.812v.438h1.313zm.438-.438h-.438v.438h.438zM3.938 5.687H3.5v.438h.438z" fill="#6c9ca6"/>
	<path d="M3.938 3.063H3.5v.438h.438zm.875.438h-.438v.438h.438zm1.313-.875H3.938v.438h2.188z" fill="#f0f0f0"/>
	<path d="M3.5.438h-.437v.438h.438zm3.063.875h-.438v.438h.438zm-.438 2.188h-.438v.875h.438zm-2.187-.876H3.5v.438h.438z" fill="#000"/>
	<path d="M3.938 2.188H3.5v.438h.438z" fill="#816bee"/>
	<path d="M1.313 3.938H.875v.438h.438zm1.75 1.75h-.438v.438h.438zm-.438-.438h-.437v.438h.438z" fill="#000"/>
	<path d="M2.625 5.25h-.437v.438h.438zm3.063-.875H5.25v.438h.438zm-.438-.438h-.438v.438h.438zM2.187 6.125H1.75v.438h.438zm1.75 0H3.5v.438h.438zM.874 4.375H.438v.438h.438zm.438 1.75H.875v.438h.438zm-.438.438H.438v.438h.438zM6.563 1.75v.875h-.438v.438h.438v1.75h.438V1.75zM5.688.875V.438H5.25v.875h.875V.875zM2.625.438H1.313v.438h1.313zm3.063 2.625H4.375v.438h1.313zM3.063 4.376H1.75v.438h1.313zm.438 2.188H2.188v.438h1.313zM3.063.875h-.438v.438h.438zm-1.75 0H.875v.438h.438z" fill="#000"/>
	<path d="M2.625.875H1.313v.438h1.313zm.438.438h-.438v.438h.438zm-1.313.875h-.437v.438h.438zm-.875.875H.438v.438h.438zm.438-1.75H.875v.438h.438z" fill="#f0f0f0"/>
	<path d="M6.125 5.25H4.812v.438h1.313zm-1.75-.438V3.5h-.437v.438H3.5v.438h.438v1.75h.438v-.875h.438v-.438zm2.188 0h-.438v.438h.438zM.875 1.313H.438v1.75h.438zm-.437 1.75H0v1.313h.438zm1.313 1.75h-.438v1.313h.438zm1.75 0h-.438v.875h.438zm-3.063 0H0v1.75h.438zM5.25 0H3.5v.438h1.75z" fill="#000"/>
	<path d="M3.5.875h-.437v.438h.438zM5.25.437H3.5v.438h1.75z" fill="#f0f0f0"/>
	<path d="M6.125 2.188H3.938v.438h2.188z" fill="#000"/>
	<path d="M6.125 1.75v-.437h-.438v.438H3.938v.438h2.188v.438h.438V1.75z" fill="#816bee"/>
	<path d="M2.188 4.813H1.75v.438h.438z" fill="#f0f0f0"/>
	<path d="M3.063 2.625v.438h-1.75v.438h2.188v-.876z" fill="#816bee"/>
	<path d="M3.063 3.063v.438h-1.75v.438h2.188v-.876z" fill="#000"/>
	<path d="M1.313 3.5H.875v.438h.438zm-.438.438H.438v.438h.438z" fill="#816bee"/>
	<path d="M1.313 3.938v.438H.875v.438H.438v1.75h.438v-.438h.438V4.813h.438v-.438h1.75v-.437z" fill="#9af4dc"/>
	<path d="M1.313 4.375H.875v.438h.438zm-.438.438H.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M1.313 5.688H.875v.438h.438zm-.438.438H.438v.438h.438z" fill="#6c9ca6"/>
	<path d="M3.5 3.938H1.313v.438h2.188z" fill="#f0f0f0"/>
`});function Di(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${mo}
	</svg>`}var mo,Fa=H(()=>{N();Q();mo=E`
	<path d="M6.125 2.188v-.875h-.438V.875h-.438V.438h-.875v.438h.438v.438h.438v1.75h-.438v.438h-.438v.438H2.625V3.5h-.437v-.437H1.75v-1.75h.438V.875h.438V.438H1.75v.438h-.437v.438H.875v.875H.438v2.625h.438v.875h.438v.438h.875v.438h2.625v-.438h.875v-.438h.438v-.875h.438V2.188z" fill="#b79cf8"/>
	<path d="M2.625 0H1.75v.438h.875zM.875 1.313H.438v.875h.438zm1.313 0H1.75v1.75h.438zm2.188 2.188H2.625v.438h1.75z" fill="#000"/>
	<path d="M4.375 3.938h-1.75v.438h1.75z" fill="#f0f0f0"/>
	<path d="M.438 2.188H0v2.625h.438zm4.375 4.375H2.188v.438h2.625z" fill="#000"/>
	<path d="M.875 4.375H.438v.438h.438zm4.813.875h-.875v.438H2.188V5.25h-.875v-.438H.875v.875h.438v.438h.875v.438h2.625v-.438h.875v-.438h.438v-.875h-.438zm.875-.875h-.438v.438h.438z" fill="#816bee"/>
	<path d="M1.75.438h-.437v.438h.438zm-.437.437H.875v.438h.438z" fill="#000"/>
	<path d="M2.625.438H1.75v.438h.875zM1.75.875h-.437v.438h.438zm-.437.438H.875v.438h.438zm-.438.875H.438v.438h.438zm.438.438H.875v.438h.438zm.875.438H1.75v.438h.438zm.438.438h-.438v.438h.438zm2.625-.438h-.438v.438h.438zM4.813.439h-.438v.438h.438zm0 3.063h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M3.063.438h-.438v.438h.438zm-.438.437h-.437v.438h.438zm0 2.188h-.437v.438h.438zm-1.75 1.75H.438v.875h.438zm.438.875H.875v.438h.438zM5.251 0h-.875v.438h.875zm.438 6.125h-.875v.438h.875zm-3.5 0h-.876v.438h.875zm4.374-4.812h-.438v.875h.438zm-1.313 0h-.438v1.75h.438zM7 2.188h-.438v2.625H7zM5.687.438h-.438v.438h.438zm.438.438h-.438v.438h.438zM4.375.438h-.437v.438h.438zm.438.438h-.438v.438h.438zm0 2.188h-.438v.438h.438zm1.75 1.75h-.438v.875h.438zm-.438.875h-.438v.438h.438z" fill="#000"/>
	<path d="M2.188.875H1.75v.438h.438z" fill="#b79cf8"/>
`});function Oi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${fo}
	</svg>`}var fo,qa=H(()=>{N();Q();fo=E`
	<path d="M4.813 5.25v-.875h-.438v-.437h-1.75v.438h-.437v.875H1.75v1.313h3.5V5.251z" fill="#ffe361"/>
	<path d="M6.125 1.313V.875H5.25V.438h-3.5v.438H.875v.438H.438v2.625h.438v.438h.875v-.439h3.5v.438h.875v-.438h.438V1.313z" fill="#ff2c52"/>
	<path d="M5.25 0h-3.5v.438h3.5z" fill="#000"/>
	<path d="M5.25.438h-3.5v.438h3.5zm-3.5.437H.875v.438h.875zm4.375 0H5.25v.438h.875z" fill="#fff"/>
	<path d="M5.25 6.563h-3.5v.438h3.5zM.438 1.313H0v2.625h.438zM1.751.438H.875v.438h.875z" fill="#000"/>
	<path d="M.875 3.063v-1.75H.438v2.625h.875v-.875z" fill="#fff"/>
	<path d="M6.563 1.313h-.438v2.625h.438z" fill="#be0351"/>
	<path d="M6.563 2.625h-.875V3.5h.875zM5.25.875h-.875v.875h.875z" fill="#fff"/>
	<path opacity=".5" d="M6.563 2.625h-.438V3.5h.438z" fill="#be0351"/>
	<path d="M4.375 3.063h-1.75v.438h1.75zm.875.438h-.875v.438h.875zM2.625 3.5H1.75v.438h.875z" fill="#be0351"/>
	<path d="M2.625 4.375h-.437v.875h.438z" fill="#fff"/>
	<path d="M4.813 4.375h-.438v.875h.438zm0 .875v.875H1.75v.438h3.5V5.25z" fill="#ffb84b"/>
	<path d="M2.188 5.25H1.75v.875h.438z" fill="#fff"/>
	<path d="M1.75 3.938H.875v.438h.875zm4.375 0H5.25v.438h.875z" fill="#be0351"/>
	<path d="M3.5 2.625h-.875V3.5H3.5z" fill="#fff"/>
	<path opacity=".5" d="M3.5 3.063h-.875v.438H3.5z" fill="#be0351"/>
	<path d="M4.375 3.5h-1.75v.438h1.75z" fill="#000"/>
	<path d="M4.375 3.938h-1.75v.438h1.75z" fill="#fff"/>
	<path d="M.875.875H.438v.438h.438z" fill="#000"/>
	<path d="M2.188 1.313H1.75v.438h.438z" fill="#fff"/>
	<path d="M1.75 5.25h-.437v1.313h.438zm.438-.875h.438v-.437H1.75v.438H.875v.438h.875v.438h.438zM.875 3.938H.438v.438h.438zM7 1.313h-.438v2.625H7zM6.125.438H5.25v.438h.875zm.438.438h-.438v.438h.438zm-.438 3.5H5.25v-.438h-.875v.438h.438v.875h.438v1.313h.438V5.251h-.438v-.438h.875zh.438v-.438h-.438z" fill="#000"/>
`});function Bi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${vo}
	</svg>`}var vo,Za=H(()=>{N();Q();vo=E`
	<path d="M6.125 3.063v-.438H5.25v-.437h-.438V1.75h-.438V.875h-.436V.438h-.875v.438h-.438v.875h-.437v.438H1.75v.438H.875v.438H.438v.875h.438v.438h.875v.438h.438v.438h.438v.875h.438v.438h.875v-.438h.438v-.875h.438v-.438h.438v-.438h.875v-.44h.438v-.875z" fill="#47baff"/>
	<path d="M4.813 3.063h-.875v-.438h-.875v.438h-.875v.875h.875v.438h.875v-.438h.875z" fill="#b5e3ff"/>
	<path d="M1.313 0H.438v.438h.875zm.875.438h-.875v.438h.875zm-.438 1.75H.875v.438h.875zM.438.438H0v.875h.438z" fill="#000"/>
	<path d="M1.313.438H.438v.875h.438V.875h.438z" fill="#f0f0f0"/>
	<path d="M.438 3.063H0v.875h.438zM7.001.438h-.438v.875h.438zm-.438.875h-.438v.875h.438zm-5.688 0H.438v.875h.438zm1.75-.438h-.437v.875h.438zm2.188 0h-.438v.875h.438zM3.063.438h-.438v.438h.438z" fill="#000"/>
	<path d="M3.063.875h-.438v.438h.438zm.438.438h-.438v.438h.438zm-1.313.875H1.75v.438h.438zm-.875.437H.875v.438h.438zm-.438.438H.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M1.313 6.563v-.438h.875V5.25H1.75v-.438H.875v.875H.438v.875z" fill="#b79cf8"/>
	<path d="M.875 5.688H.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M2.188 1.75H1.75v.438h.438z" fill="#000"/>
	<path d="M2.188.875H.875v1.313h.875V1.75h.438zm3.938 1.313V.875H4.813v.875h.438v.438z" fill="#b79cf8"/>
	<path d="M2.188.875H1.75v.875h.438zm-.438.875h-.437v.438h.438zm4.375-.438h-.438v.875h.438zm.438-.438h-.438v.438h.438z" fill="#816bee"/>
	<path d="M5.688 6.563v-.438h-.875V5.25h.438v-.438h.875v.875h.438v.875z" fill="#b79cf8"/>
	<path d="M6.563 5.688h-.438v.438h.438zm-.438-.875h-.438v.438h.438z" fill="#816bee"/>
	<path d="M.875 2.625H.438v.438h.438zM7 3.063h-.438v.875H7zm-.438-.438h-.438v.438h.438zM4.374.437h-.436v.438h.438zm.875 1.313h-.438v.438h.438zM3.938 0h-.875v.438h.875z" fill="#000"/>
	<path d="M3.938.438h-.875v.438h.875zm0 2.625h-.875v.875h.875zM6.563.438h-.875v.438h.875zm-.875.438h-.875v.438h.875z" fill="#f0f0f0"/>
	<path d="M3.938 2.188h-.875v.438h.875zm0 2.188h-.875v.438h.875zM6.563.001h-.875v.438h.875zm-.875.438h-.875v.438h.875zm.438 1.75h-.875v.438h.875zM1.313 6.563H.438v.438h.875zm.875-.438h-.875v.438h.875zm-.438-1.75H.875v.438h.875zM.437 5.688H0v.875h.438zm6.563 0h-.438v.875H7zm-.438-.875h-.438v.875h.438zm-5.687 0H.438v.875h.438zm1.75.438h-.437v.875h.438zm2.188 0h-.438v.875h.438zm-1.75.875h-.438v.438h.438zm-.875-1.313H1.75v.438h.438z" fill="#000"/>
	<path d="M2.188 5.25H1.75v.875h.438zm-.438-.438h-.437v.438h.438z" fill="#816bee"/>
	<path d="M.875 3.938H.438v.438h.438zm1.313-.875H1.75v.875h.438zm.875-.438h-.875v.438h.875zm0 1.313h-.875v.438h.875zm2.188-.875h-.438v.875h.438zm-.438-.438h-.875v.438h.875zm0 1.313h-.875v.438h.875zm1.75 0h-.438v.438h.438z" fill="#000"/>
	<path d="M6.563 3.063h-.438v.875h.438zm-.438-.438h-.438v.438h.438zm0 1.313h-.438v.438h.438zm-.875 0h-.438v.438h.438zm-1.313.875h-.874v.438h.875zm.438-.438h-.437v.438h.438zm-1.313 0h-.437v.438h.438zm.875 1.75h-.874v.438h.875zm.438-.438h-.437v.438h.438zm-1.313 0h-.437v.438h.438zm-.874-1.749H1.75v.438h.438zM.875 3.5H.438v.438h.438zm.438.438H.875v.438h.438z" fill="#4282d8"/>
	<path d="M4.375 6.125h-.437v.438h.438zm.875-1.313h-.438v.438h.438zm-1.313 1.75h-.874V7h.875zm2.625 0h-.875V7h.875zm-.875-.438h-.875v.438h.875zm.438-1.75H5.25v.438h.875z" fill="#000"/>
`});function Ui(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${po}
	</svg>`}var po,Wa=H(()=>{N();Q();po=E`
	<path d="M3.938.438h-.875v1.75h.875zm.875 2.625v-.438h-.438v-.437h-1.75v.438h-.437v.438H.438v.875h1.75v.438h.438v.438h.438v1.75h.875v-1.75h.438v-.438h.438v-.439h1.75v-.875z" fill="#bcef42"/>
	<path d="M1.75 0h-.437v.438h.438zm.875 2.188h-.437v.438h.438zm2.188 0h-.438v.438h.438zM5.688 0H5.25v.438h.438zm.438.438h-.438v.438h.438zm.438.438h-.438v.438h.438zm.438.438h-.438v.438h.438zM3.938 0h-.875v.438h.875z" fill="#000"/>
	<path d="M3.938.438h-.875v.438h.875z" fill="#f0f0f0"/>
	<path d="M3.938 1.313h-.875v.438h.875zm0 .438h-.875v.438h.875z" fill="#7fb134"/>
	<path d="M3.938 5.25h-.875v.438h.875z" fill="#f0f0f0"/>
	<path d="M3.938 6.125h-.875v.438h.875zm0-1.313h-.875v.438h.875z" fill="#7fb134"/>
	<path d="M3.938 2.625h-.875v.438h.875zm0 1.313h-.875v.438h.875zm.438-.875h-.438v.875h.438z" fill="#000"/>
	<path d="M5.25 3.063h-.438v.875h.438z" fill="#7fb134"/>
	<path d="M3.063 3.063h-.438v.875h.438z" fill="#000"/>
	<path d="M2.625 2.625h-.437V3.5h.438z" fill="#f0f0f0"/>
	<path d="M1.313.438H.875v.438h.438z" fill="#000"/>
	<path d="M1.313.438v.438H.875v.438H.438v.438h1.313V.438z" fill="#6be473"/>
	<path d="M1.75.438h-.437v.438h.438zm-.437.437H.875v.438h.438z" fill="#f0f0f0"/>
	<path d="M1.75 1.313H.438v.438h1.313z" fill="#008456"/>
	<path d="M5.25 5.25v1.313h.438v-.438h.438v-.438h.438v-.438zm-4.812 0v.438h.438v.438h.438v.438h.438V5.251z" fill="#6be473"/>
	<path d="M1.75 5.25H.438v.438h1.313z" fill="#f0f0f0"/>
	<path d="M1.313 5.688v.875h.438v-.875z" fill="#008456"/>
	<path d="M6.125 1.313V.875h-.438V.438h-.438v1.313h1.313v-.438z" fill="#6be473"/>
	<path d="M5.688.438H5.25v.438h.438zm0 2.625H5.25v.438h.438z" fill="#f0f0f0"/>
	<path d="M6.563 3.5H5.25v.438h1.313z" fill="#7fb134"/>
	<path d="M6.563 1.313H5.25v.438h1.313z" fill="#008456"/>
	<path d="M.875.875H.438v.438h.438zM3.063.437h-.438v1.75h.438zm1.313 0h-.438v1.75h.438zm2.625 2.625h-.438v.875h.438zm-.438-.438h-1.75v.438h1.75zm0 1.313h-1.75v.438h1.75zM.438 3.063H0v.875h.438zm1.75-.438H.438v.438h1.75z" fill="#000"/>
	<path d="M1.75 3.063H.438v.875h.438V3.5h.875z" fill="#f0f0f0"/>
	<path d="M2.188 3.938H.438v.438h1.75zM.438 1.313H0v.438h.438zm1.313 5.25h-.438v.438h.438zm.875-2.188h-.438v.438h.438z" fill="#000"/>
	<path d="M1.75 3.5h-.437v.438h.438zm.438-.438H1.75v.875h.438z" fill="#7fb134"/>
	<path d="M2.188 3.063H1.75v.875h.438z" fill="#3f581a"/>
	<path d="M4.375 4.375h-1.75v.438h1.75z" fill="#7fb134"/>
	<path d="M4.375 2.188h-1.75v.438h1.75z" fill="#f0f0f0"/>
	<path d="M4.813 4.375h-.438v.438h.438z" fill="#000"/>
	<path d="M4.813 3.938h-.438v.438h.438z" fill="#7fb134"/>
	<path d="M5.688 6.563H5.25v.438h.438zm.438-.438h-.438v.438h.438zm.438-.438h-.438v.438h.438zm.438-.438h-.438v.438h.438zM3.939 6.562h-.876V7h.875zm-2.625-.438H.875v.438h.438zm-.438-.438H.438v.438h.438zm2.188-.875h-.439v1.75h.438zm1.313 0h-.439v1.75h.438zM1.75 1.75H.438v.438h1.75V.438H1.75zm3.5 0V.438h-.438v1.75h1.75V1.75z" fill="#000"/>
	<path d="M.438 4.813v.438h1.313v1.313h.438v-1.75zm4.375 0v1.75h.438V5.25h1.313v-.438zM.438 5.25H0v.438h.438z" fill="#000"/>
	<path d="M5.688 6.125H5.25v.438h.438zm.438-.438h-.438v.438h.438zm.438-.438h-.438v.438h.438z" fill="#008456"/>
	<path d="M5.688 5.25H5.25v.438h.438z" fill="#f0f0f0"/>
	<path d="M3.938 3.063h-.875v.875h.875z" fill="#7fb134"/>
	<path d="M3.938 1.75h-.875v.438h.875zm0 3.063h-.875v.438h.875zm1.313-1.75h-.438v.875h.438z" fill="#3f581a"/>
`});function Pi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${uo}
	</svg>`}var uo,Ga=H(()=>{N();Q();uo=E`
	<path d="M4.813 4.375h.438v-.437h1.313V3.5H5.251v-.437h-.438V1.75h.875v-.437H4.375v.438H3.063v-.438h-.438V.875H1.75v.438h-.437v.438H.875v.438H.438v2.625h.438v.438h.438v.438h.438v-.875h1.75v.438h-.439v.438h.438v.438h.875v-.438h1.313v-.438h-.875z" fill="#54cfff"/>
	<path d="M3.938 4.813H3.5v.438h.438zm1.75.438H5.25v.438h.438zm.875-1.75h-.438v.438h.438zM5.25 3.063h-.438v.438h.438zM1.312 4.376H.875v.438h.438zm.438.438h-.437v.875h.438zm2.625.875H3.063v.438h1.313zm0-1.313h-.437v.438h.438z" fill="#4282D8"/>
	<path d="M3.938 0H3.5v.438h.438zm.438.438h-.438v.438h.438zm-.876 0H1.75v.438H3.5zM1.75.875h-.437v.438h.438zm1.313 0h-.438v.438h.438zm.438.438h-.438v.438h.438zm.875 0h-.438v.438h.438zM5.689.875H4.376v.438h1.313zm.438.438h-.438v.438h.438zm-4.814 0H.875v.438h.438zm-.438.437H.438v.438h.438zm-.437.438H0v2.625h.438zm.875.438H.875v1.75h.438zm.438-.438h-.438v.438h.438zm2.188-.438H1.75v.438h2.188z" fill="#000"/>
	<path d="M3.938 1.75H3.5v.875h.438zm1.75 0h-.875v.438h.875z" fill="#000"/>
	<path d="M5.25 1.75h-.438v1.313h.438zm1.313 1.313H5.25v.438h1.313zm.438.438h-.438v.438h.438zm-2.625-.875h-.438v1.75h.438zm2.188 1.313H5.251v.438h1.313zm-1.313.438h-.438v.875h.438z" fill="#000"/>
	<path d="M5.688 4.813h-.875v.438h.875zm.438.438h-.438v.438h.438zm-.438.438H4.375v.438h1.313zm-1.313.438h-1.75v.438h1.75zM3.5 4.814H1.75v.438H3.5zm-.875 1.75h-.437v.438h.438zm-.438-.438H1.75v.438h.438zm-.438-.438h-.436v.438h.438zm.438-.438H1.75v.438h.438zm.875 0h-.437v.438h.438zm-1.75 0H.875v.438h.438zm-.438-.438H.438v.438h.438zm.875-.438h-.436v.438h.438zm2.188 0H3.5v.438h.438z" fill="#000"/>
	<path d="M3.938 2.625H3.5v-.437H1.75v.438h-.437v1.75h.438v.438h1.75v-.438h.438z" fill="#9af4dc"/>
	<path d="M3.5 4.375H1.75v.438H3.5zm-1.75-.437h-.437v.438h.438zm2.188 0H3.5v.438h.438z" fill="#6c9ca6"/>
	<path d="M1.75 2.625h-.437v.438h.438zm.875.438h-.437v.438h.438zm.875-.875H1.75v.438H3.5z" fill="#f0f0f0"/>
	<path d="M3.5 5.688h-.437v.438h.438z" fill="#000"/>
	<path d="M.875 2.188H.438v.875h.438zm.875-.875h-.437v.438h.438zm.875-.438H1.75v.438h.875zm3.063.438H4.375v.438h1.313zM3.938.438H3.5v.438h-.437v.438h.438v.438h.438v-.439h.438V.875h-.439zM2.625 5.25h-.437v.438H1.75v.438h.438v.438h.438v-.438h.438v-.438h-.439z" fill="#f0f0f0"/>
`});function Ri(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${go}
	</svg>`}var go,Ka=H(()=>{N();Q();go=E`
	<path d="M5.688 1.313V.875h-.875v.438h-.438V.875h-.437V.438h-.875v.438h-.438v.438h-.437V.875h-.875v.438H.875v1.75h.875v.438h.438v-.438h2.625v.438h.438v-.438h.875v-1.75z" fill="#d1cdd5"/>
	<path d="M6.125 3.938V3.5h-1.75v-.437h-1.75v.438H.875v.438H.438v1.313h.438v.438h1.75v.438h.438v.438h.875v-.438h.438V5.69h1.75v-.438h.438V3.938z" fill="#57595f"/>
	<path d="M3.938 0h-.875v.438h.875zm-.875.438h-.438v.438h.438zm1.313 0h-.438v.438h.438zm1.313 0h-.875v.438h.875zm.438.438h-.438v.438h.438zm-1.313 0h-.438v.438h.438zM2.625.875h-.437v.438h.438zM2.188.438h-.875v.438h.875zm-1.313.875H.438v1.75h.438zm.438-.438H.875v.438h.438zM.875 3.5H.438v.438h.438zm-.437.438H0v1.313h.438zm.438 1.313H.438v.438h.438zm1.75.438H.875v.438h1.75zm.438.438h-.439v.438h.438zm.875.438h-.876v.438h.875zm.438-.438h-.439v.438h.438zm1.75-.438h-1.75v.438h1.75zm.438-.438h-.438v.438h.438zm.438-1.313h-.438v1.313h.438zM6.565 3.5h-.438v.438h.438zm0-2.188h-.438v1.75h.438zM2.188 3.5H1.75v.438h.438zm.438-.438h-.438V3.5h.438zm1.75-.438H2.625v.438h1.75zm.438.438h-.438V3.5h.438zm.438.438h-.438v.438h.438zm.438-.438h-.438V3.5h.875v-.437zm-4.377.001H.875v.438h.875v-.438z" fill="#000"/>
	<path d="M.875 4.813H.438v.438h.438zm.438.438H.875v.438h.438zm1.75.438h-.438v.438h.438zm1.313 0h-.438v.438h.438zm-.438.438h-.875v.438h.875zm2.188-.875h-.438v.438h.438zm.438-1.313h-.438v1.313h.438z" fill="#35363a"/>
	<path d="M1.313 2.625H.875v.438h.438zm.875.438H1.75v.438h.438zm3.063 0h-.438v.438h.438zm-2.626-.438h-.437v.438h.438zm2.188 0h-.438v.438h.438z" fill="#847d8b"/>
	<path d="M5.25 3.063h-.438v.438h.438zm-.875-.875h-1.75v.438h1.75zm1.75-.438h-.438v1.313h.438z" fill="#847d8b"/>
	<path d="M1.75 1.75h-.437v.438h.438zm-.437-.437H.875v.438h.438zm.875-.438h-.875v.438h.875zm.875 0h-.438v.438h.438zm.875-.438h-.875v.438h.875zm.438.438h-.438v.438h.438zm1.313 0h-.875v.438h.875zm.438.438h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M.875 3.938H.438v.438h.438zm.438-.438H.875v.438h.438zm1.313 0h-.438v.438h.438zm1.75-.438H2.625V3.5h1.75zm.875.875h-.438v.438h.438zm.875-.438h-.875v.438h.875z" fill="#d8d8d8"/>
`});function Ni(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${_o}
	</svg>`}var _o,Ja=H(()=>{N();Q();_o=E`
	<path d="M6.125 1.75v-.437h-.438V.875h-.438V.438H2.625v.438H1.75v.438h-.437v.438H.875v.875H.438v2.188h.438v.438h.438v.438h.438v.438h.438v.438h2.188v-.438h.875v-.438h.438v-.438h.438v-.875h.438V1.75z" fill="#bcef42"/>
	<path d="M6.563.438h-.875v.438h.875z" fill="#f0f0f0"/>
	<path d="M1.313 5.688H.438v.438h.875z" fill="#bcef42"/>
	<path d="M1.75 6.125H.438v.438h1.313z" fill="#7fb134"/>
	<path d="M6.563 3.5h-.438v.875h.438z" fill="#816bee"/>
	<path d="M5.25.438H2.625v.438H5.25z" fill="#f0f0f0"/>
	<path d="M5.25.875H2.625v.438H5.25z" fill="#b79cf8"/>
	<path d="M4.375 6.125H2.188v.438h2.188z" fill="#816bee"/>
	<path d="M6.563.875h-.438v.438h.438z" fill="#bcef42"/>
	<path d="M2.625 2.188h-.437v.438h.438zM1.313 1.75H.875v.438h.438zm.438-.438h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M2.625 1.313h-.437v.438h.438zm3.063 0H5.25v.438h.438z" fill="#b79cf8"/>
	<path d="M2.188.875H1.75v.438h.438zm.875 1.75h-.438v.438h.438zM.875 5.25H.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M6.125 4.813h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438z" fill="#816bee"/>
	<path d="M6.563.438v.875h-.438V.875h-.438v.438h.438v.438h.438v2.625h.438V.438zm-5.25.875H.875v.438h.438zm.438-.438h.875V.438H1.75zh-.438v.438h.438zm4.813 3.5h-.438v.875h.438zM.875 1.75H.438v.875h.438zM5.25 6.125h-.875v.438h.875zm.875-.875h-.438v.438h.438zm-4.812 0H.875v.438h.438zm.438.438h-.438v.438h.438zm-.875-.875H.438v.438h.438zm4.813.875h-.438v.438h.438zM.438 2.625H0v3.938h.438z" fill="#000"/>
	<path d="M5.25.875h.438V.438h.875V0H2.625v.438H5.25zM2.188 6.563v-.438H1.75v.438H.438v.438h3.938v-.438z" fill="#000"/>
	<path d="M.875 2.625H.438V3.5h.438z" fill="#f0f0f0"/>
	<path d="M4.375 2.625H3.5v.438h.875zm-.438 1.75h-.874v.438h.875zm.875-1.313h-.438v.875h.438zm-3.5 1.75h.875v-.438H1.75V2.188h-.437zm3.5-3.063H3.063v.438h1.75zm-.438 3.5H2.625v.438h1.75zm2.188-3.063h-.438v1.313h.438zM.875 3.5H.438v1.313h.438zm1.313-1.75H1.75v.438h.438zm1.313 1.313h-.438v.438h.438zm-.438.875h-.438v.438h.438zm-.438.875h-.437v.438h.438zm1.75-.875h-.437v.438h.438zm.438.875h-.438v.438h.438zm.438-.438h-.438v.438h.438zm-2.188-1.75v-.437h-.438v.438h-.437v1.313h.438V2.625zm3.063-.875h-.438v.438h.438zm-.875.438h-.438v.438h.438zm.438.438h-.438v1.75h.438zM1.313 4.813H.875v.438h.438zm.438.438h-.438v.438h.438zm.438.438H1.75v.438h.438z" fill="#b79cf8"/>
`});function Li(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${zo}
	</svg>`}var zo,Qa=H(()=>{N();Q();zo=E`
	<path d="M6.125 1.75v-.437h-.438V.875h-.438V.438H1.75v.438h-.437v.438H.875v.438H.438v2.625h.438v.438h.438v.438h.438v.875h.438v.438h2.625v-.438h.438v-.875h.438v-.438h.438v-.438h.438V1.75z" fill="#d1cdd5"/>
	<path d="M1.75.438h-.437v.438h.438zm-.437.437H.875v.438h.438zm-.438.438H.438v.438h.438zm.875 3.938h-.437v.875h.438zm-.438-.438H.875v.438h.438zm.875 1.313H1.75v.438h.438zM.874 4.376H.438v.438h.438z" fill="#000"/>
	<path d="M1.75 4.813h-.437v.438h.438zm.438.875H1.75v.438h.438zm-.875-1.313H.875v.438h.438zm1.75-1.313H1.75v1.313h1.313z" fill="#847d8b"/>
	<path d="M3.063 3.5h-.875v.875h.875z" fill="#57595f"/>
	<path d="M5.25 3.063H3.938v1.313h1.313z" fill="#847d8b"/>
	<path d="M5.25 3.5h-.875v.875h.875z" fill="#57595f"/>
	<path d="M5.25 5.254h.438v-.438H5.25zm-.438.875h.438v-.438h-.438zm.875-1.313h.438v-.438h-.438z" fill="#847d8b"/>
	<path d="M.438 1.75H0v2.625h.438z" fill="#000"/>
	<path d="M.875 1.75H.438v2.625h.438z" fill="#fff"/>
	<path d="M5.25.879h.438V.441H5.25zm.438.438h.438V.879h-.438zm.438.438h.438v-.438h-.438zM5.251 6.13h.438v-.875h-.438zm.438-.875h.438v-.438h-.438zm-.875 1.313h.438V6.13h-.438zm1.313-1.75h.438V4.38h-.438zm.438-.438h.438V1.755h-.438z" fill="#000"/>
	<path d="M6.125 4.379h.438V1.754h-.438z" fill="#847d8b"/>
	<path d="M1.75 0v.438h3.5V0z" fill="#000"/>
	<path d="M1.75.875h-.437v.438h.438zm-.437.438H.875v.438h.438zm.438.438h-.438v.438h.438zm3.5-.433h.438V.88h-.438zm.438.438h.438v-.438h-.438zM1.75.438v.438h3.5V.438z" fill="#fff"/>
	<path d="M2.188 6.563v.438h2.625v-.438z" fill="#000"/>
	<path d="M2.188 6.125v.438h2.625v-.438z" fill="#847d8b"/>
	<path d="M3.063 5.688h-.438v.875h.438zm1.313 0h-.438v.875h.438z" fill="#57595f"/>
`});function Fi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${bo}
	</svg>`}var bo,Xa=H(()=>{N();Q();bo=E`
	<path d="M3.063 0H1.75v.438h1.313zm1.75.438h-1.75v.438h1.75zm-.875 2.187H3.5v1.75h.438zm-3.5-.437H0v2.625h.438zM6.563.875h-1.75v.438h1.75z" fill="#000"/>
	<path d="M3.063.438H1.75v.438h1.313zm1.75.438h-1.75v.438h1.75zm1.75.438h-1.75v.438h1.75z" fill="#f0f0f0"/>
	<path d="M3.063 6.563H1.75v.438h1.313z" fill="#000"/>
	<path d="M2.625 6.125v-.438h-.437v-.875H1.75V2.188h.438v-.875h.438V.875H1.75v.438H.875v1.75H.438v1.75h.438v.875h.438v.438h.438v.438h1.313v-.438z" fill="#ffe361"/>
	<path d="M3.063 6.125H1.75v.438h1.313z" fill="#ffb84b"/>
	<path d="M4.813 6.125h-1.75v.438h1.75z" fill="#000"/>
	<path d="M4.375 5.688V5.25h-.437v-.875H3.5v-1.75h.438V1.75h.438v-.437H3.063v.438h-.438v1.313h-.437v1.75h.438v.875h.438v.438h1.75v-.438z" fill="#ffe361"/>
	<path d="M6.563 5.688h-1.75v.438h1.75zM1.75.438h-.437v.438h.438zm-.437.437H.875v.438h.438zm-.438.438H.438v.875h.438zm6.125 0h-.438v.438H7zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.875h.438zm.875 3.063h-.438v.438h.438zm-.438-.438h-.438v.438h.438zm-.438-.875h-.438v.875h.438zm-.438-.875h-.438v.875h.438zM1.747 6.127h-.434v.438h.438zm-.438-.438H.875v.438h.438zm-.438-.875H.438v.875h.438zm1.313-2.625H1.75v2.625h.438zM3.059.876h-.434v.438h.438zm-.434.437h-.437v.875h.438z" fill="#000"/>
	<path d="M.875 2.188H.438v.875h.438zm1.75 0h-.437v.875h.438z" fill="#f0f0f0"/>
	<path d="M2.188 1.313H1.75v.875h.438z" fill="#ffb84b"/>
	<path d="M4.813 1.313h-.438v.438h.438z" fill="#000"/>
	<path d="M1.75.875h-.437v.438h.438z" fill="#f0f0f0"/>
	<path d="M2.625.875h-.437v.438h.438zm1.313.875H3.5v.875h.438zm.438-.438h-.438v.438h.438zm-2.188 3.5H1.75v.438h.438zm-.438.875h-.437v.438h.438zm-.438-.875H.875v.875h.438zm2.188.875v-.438h-.437v-.438h-.438v.875h.438v.438h1.75v-.438zm.438-1.313H3.5v.438h.438z" fill="#ffb84b"/>
	<path d="M4.375 5.688V5.25h-.437v-.875H3.5v-1.75h.438V1.75h.438v-.437H3.063v.438h-.438v1.313h-.437v1.75h.438v.875h.438v.438h1.75v-.438z" fill="url(#a)"/>
	<path d="M6.125 5.25v-.438h-.438v-.874h-.438v-.875h.438v-.875h.438V1.75H4.812v.438h-.438v.438h-.436v1.75h.438v.875h.438v.438h1.75v-.438z" fill="#ff2c52"/>
	<path d="M5.688 2.188H5.25v.875h.438zm.438-.438h-.438v.438h.438zm-.438 2.188H5.25v.438h.438zM5.25 5.251v-.438h-.875v.438h.438v.438h1.75v-.438z" fill="#be0351"/>
	<path d="M1.313 1.313H.875v.438h.438zm0 1.75H.875v.438h.438zm1.75-1.75h-.438v.438h.438zm1.75.438h-.438v.438h.438zm-.438.875h-.437v.438h.438z" fill="#f0f0f0"/>
	<path d="M4.375 1.75h-.437v.875h.438zM3.062 5.688h-.437v.438h.438zm-.438-.875h-.436v.875h.438zm2.188.438h-.438v.438h.438zm-.438-.875h-.436v.875h.438z" fill="#000"/>
	<defs>
		<radialGradient id="a" cx=".75" cy=".5" r="1" fx=".75" fy=".5">
		<stop stop-color="#ff2c52" offset="30%"/>
		<stop stop-color="#ffe361" offset="70%"/>
		</radialGradient>
	</defs>
`});function qi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${yo}
	</svg>`}var yo,Ya=H(()=>{N();Q();yo=E`
	<path d="M4.813.438v.438h-.438v.438h-.437v.438H3.5v.438h-.437v.875h-.438v.438H3.5v.875h.438v-.44h.875V3.5h.438v-.437h.438v-.438h.438v-.437h.438V.438z" fill="#d1cdd5"/>
	<path d="M1.313 3.938h.438v.438h.875v.875h.438v.438h.875v.438h.875v-.875h-.876v-.438H3.5v-.438h-.437v-.438h-.438V3.5h-.437v-.437H1.75v-.875H.875v.875h.438z" fill="#ffe361"/>
	<path d="M2.188 4.813h-.875v.875h.875zm-.875.875H.438v.875h.875z" fill="#ffe361"/>
	<path d="M4.813.438h-.438v.438h.438zm-.438.438h-.437v.438h.438zm-.437.437H3.5v.438h.438zM3.5 1.75h-.437v.438h.438zm-.437.438h-.438v.875h.438zm-.875 0H1.75v.875h.438zm-1.313 0H.438v.875h.438zm.438.875H.875v.875h.438zm3.5.875h-.875v.438h.875zm0 .875h-.875v.438h.875zm.438.438h-.438v.875h.438z" fill="#000"/>
	<path d="M6.563.438h-.438v1.75h.438z" fill="#847d8b"/>
	<path d="M.438 5.688H0v.875h.438zm4.375.438h-.875v.438h.875zm-.875-.438h-.875v.438h.875z" fill="#000"/>
	<path d="M2.188 5.25h-.875v.438h.875zm-.875.875H.438v.438h.875z" fill="#ffb84b"/>
	<path d="M1.313 6.125v.438h.438v-.438h.438v-.438h-.876zm1.313-.875v-.875H1.75v-.437h-.437v.875h.875v.875h.875V5.25zm-1.313 0v-.438H.875v.438H.438v.438h.875zm0 1.313H.438v.438h.875zM1.75 1.75H.875v.438h.875zm1.313 2.188v.438h.438V3.5h-.876v.438z" fill="#000"/>
	<path d="M5.688 1.313H5.25v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.436v.438h.438zm-.436.436H3.5v.438h.438z" fill="#847d8b"/>
	<path d="M3.063 3.063h-.438v.438h.438z" fill="#f0f0f0"/>
	<path d="M1.75 3.5h-.437v.438h.438zm-.437-.875H.875v.438h.438zm.875 1.313H1.75v.438h.438zm.875.875h-.438v.438h.438zm.438.438h-.438v.438h.438zm.875.438h-.438v.438h.438z" fill="#ffb84b"/>
	<path d="M3.938 4.375H3.5v.438h.438zM2.625 3.063h-.437v.438h.438zm3.938-.875h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438-3.5V.44h1.75v1.75h.438V0z" fill="#000"/>
	<path d="M4.813 5.25h-.438v.438h.438zm-.875-.438H3.5v.438h.438zM3.5 4.374h-.437v.438h.438zm-.437-.436h-.438v.438h.438zM2.625 3.5h-.437v.438h.438zm-.437-.437H1.75v.438h.438zM3.5 2.188h-.437v.438h1.313v-.438h-.438V1.75H3.5zM4.375.875v.438h-.437v.438h1.313v-.438h-.438V.875zm1.75-.438H4.812v.438h1.313z" fill="#f0f0f0"/>
	<path d="M6.125 2.188h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.438.438h-.438v.438h.438zm-.873.436H3.5v.438h.438z" fill="#847d8b"/>
	<path d="M1.75 2.188h-.437v.438h.438zm0 2.625h-.437v.438h.438zm-.875.875H.438v.438h.438z" fill="#f0f0f0"/>
`});function Zi(i={}){return n`<svg
		${A(i)}
		aria-hidden="true"
		role="img"
		width="14"
		height="14"
		viewBox="0 0 7 7"
		fill="none"
		xmlns="http://www.w3.org/2000/svg"
	>
		${xo}
	</svg>`}var xo,er=H(()=>{N();Q();xo=E`
	<path d="M5.688 2.625v-.437H5.25V1.75h-.438v-.437h-.438V.875h-.436V.438h-.875v.438h-.438v.438h-.437v.438H1.75v.438h-.437v.438H.875v.875H.438v2.188h.438v.438h.875v.438h3.5v-.438h.875v-.438h.438V3.5h-.438v-.875z" fill="#0abbff"/>
	<path d="M3.063 0v.438h.875V0zm-.438.438v.438h.438V.438zm1.313 0v.438h.438V.438zm.438.438v.438h.438V.875zm.438.438v.438h.438v-.439zm.438.438v.438h.438v-.44zm.438.438v.438h.438v-.44zm.438.438v.875h.438v-.878zm-5.69-.003V3.5h.438v-.875zM0 3.5v2.188h.438V3.5zm6.563 0v2.188h.438V3.5zM2.188.875v.438h.438V.875zm-.438.438v.438h.438v-.438zm-.437.437v.438h.438V1.75zm-.438.438v.438h.438v-.438zm-.438 3.5v.438h.438v-.438zm5.688 0v.438h.438v-.438zm-4.375.875v.438h3.5v-.438z" fill="#000"/>
	<path d="M1.75 6.125v.438h3.5v-.438z" fill="#4282d8"/>
	<path d="M.875 6.125v.438h.875v-.438zm5.25.438v-.438H5.25v.438z" fill="#000"/>
	<path d="M3.063.438v.438h.875V.438z" fill="#fff"/>
	<path opacity=".5" d="M4.813 3.5v-.437h-.438v-.438h-.437v-.437h-.875v.438h-.438v.438h-.437v.438H1.75v1.313h.438v.438h2.625v-.438h.438V3.5z" fill="#fff"/>
	<path d="M2.625.875v.438h.438V.875zm-.437.438v.438h.438v-.438zm.438.438v.438h.438V1.75zM1.75 1.75v.438h.438V1.75zm-.437.438v.438h.438v-.438zm-.438.437V3.5h.438v-.875zM.438 3.5v.875h.438V3.5z" fill="#fff"/>
	<path d="M5.25 2.188v.438h.438v-.438zm.438.438v.875h.438v-.876zm.438.875v1.75h-.438v.438H5.25v.438h.875v-.438h.438V3.5zM.875 6.125h.875v-.438H.875z" fill="#4282d8"/>
`});var tr=H(()=>{Sa();Ia();Da();Oa();Ba();Ua();Pa();Ra();Na();La();Fa();qa();Za();Wa();Ga();Ka();Ja();Qa();Xa();Ya();er()});function Mt(){return Mo}var Mo,fs,vs,Be,wt,ir,sr,ar,rr,Vt=H(()=>{tr();Mo=globalThis.$discordMessage??{};fs={blue:"https://cdn.discordapp.com/embed/avatars/0.png",gray:"https://cdn.discordapp.com/embed/avatars/1.png",green:"https://cdn.discordapp.com/embed/avatars/2.png",orange:"https://cdn.discordapp.com/embed/avatars/3.png",red:"https://cdn.discordapp.com/embed/avatars/4.png",pink:"https://cdn.discordapp.com/embed/avatars/5.png"},vs=Mt().avatars??{},Be=Object.assign(fs,vs,{default:fs[vs.default]??vs.default??fs.blue}),wt=Mt().profiles??{},ir=Mt().defaultTheme==="light"?"light":"dark",sr=Mt().defaultMode==="compact"?"compact":"cozy",ar=Mt().defaultBackground==="none"?"none":"discord",rr=new Map([["heart",Ai()],["crystal",$i()],["diamond",ki()],["explosion",Ci()],["flame",Ti()],["flower",Ei()],["key",Vi()],["leaf",ji()],["lightning",Si()],["magic",Ii()],["moon",Di()],["mushroom",Oi()],["mythical",Bi()],["ornament",Ui()],["plasma",Pi()],["rock",Ri()],["shell",Ni()],["skull",Li()],["sun",Fi()],["sword",qi()],["water",Zi()]])});function jt(i,t=!1,s=!1){if(!(i instanceof Date)&&typeof i!="string")throw new TypeError("Timestamp prop must be a Date object or a string.");return t?Co(i,s):ko(i)}function St(i){let t=Mt().emojis?.[i];if(t)return t;let s=To.exec(i);if(s?.groups){let{name:e,id:a,animated:l}=s.groups;return{name:e,url:`https://cdn.discordapp.com/emojis/${a}.${l?"gif":"png"}`}}}function Gi(i){if(i)return rr.get(i)??i}var Wi,wo,Ho,$o,ko,Co,To,Je=H(()=>{Vt();Wi=class extends Error{constructor(t){super(t),this.name="DiscordComponentsError"}},wo=new Intl.DateTimeFormat("en-US",{day:"2-digit",month:"2-digit",year:"numeric"}),Ho=new Intl.DateTimeFormat("en-US",{hour12:!0,hour:"2-digit",minute:"2-digit"}),$o=new Intl.DateTimeFormat("en-US",{hour12:!1,hour:"2-digit",minute:"2-digit"}),ko=i=>i instanceof Date?wo.format(i):i,Co=(i,t=!1)=>i instanceof Date?t?$o.format(i):Ho.format(i):i;To=/(?:<(?<animated>a)?:(?<name>\w{2,32}):)?(?<id>\d{17,21})>?/});function Xt(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-hidden="false"
		width="24"
		height="24"
		viewBox="0 0 20 20"
		xmlns="http://www.w3.org/2000/svg"
	>
		${Eo}
	</svg>`}var Eo,ps=H(()=>{N();Q();Eo=E`
	<path
		fill="currentColor"
		d="M18.91 12.98a5.45 5.45 0 0 1 2.18 6.2c-.1.33-.09.68.1.96l.83 1.32a1 1 0 0 1-.84 1.54h-5.5A5.6 5.6 0 0 1 10 17.5a5.6 5.6 0 0 1 5.68-5.5c1.2 0 2.32.36 3.23.98Z"
	/>
	<path
		fill="currentColor"
		d="M19.24 10.86c.32.16.72-.02.74-.38L20 10c0-4.42-4.03-8-9-8s-9 3.58-9 8c0 1.5.47 2.91 1.28 4.11.14.21.12.49-.06.67l-1.51 1.51A1 1 0 0 0 2.4 18h5.1a.5.5 0 0 0 .49-.5c0-4.2 3.5-7.5 7.68-7.5 1.28 0 2.5.3 3.56.86Z"
	/>
`});function Yt(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-hidden="false"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${Ao}
	</svg>`}var Ao,us=H(()=>{N();Q();Ao=E`
	<path
		fill="currentColor"
		fill-rule="evenodd"
		clip-rule="evenodd"
		d="M10.99 3.16A1 1 0 1 0 9 2.84L8.15 8H4a1 1 0 0 0 0 2h3.82l-.67 4H3a1 1 0 1 0 0 2h3.82l-.8 4.84a1 1 0 0 0 1.97.32L8.85 16h4.97l-.8 4.84a1 1 0 0 0 1.97.32l.86-5.16H20a1 1 0 1 0 0-2h-3.82l.67-4H21a1 1 0 1 0 0-2h-3.82l.8-4.84a1 1 0 1 0-1.97-.32L15.15 8h-4.97l.8-4.84ZM14.15 14l.67-4H9.85l-.67 4h4.97Z"
	/>
`});function ei(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-hidden="false"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${Vo}
	</svg>`}var Vo,gs=H(()=>{N();Q();Vo=E`
	<path
		fill="currentColor"
		d="M12 2.81a1 1 0 0 1 0-1.41l.36-.36a1 1 0 0 1 1.41 0l9.2 9.2a1 1 0 0 1 0 1.4l-.7.7a1 1 0 0 1-1.3.13l-9.54-6.72a1 1 0 0 1-.08-1.58l1-1L12 2.8ZM12 21.2a1 1 0 0 1 0 1.41l-.35.35a1 1 0 0 1-1.41 0l-9.2-9.19a1 1 0 0 1 0-1.41l.7-.7a1 1 0 0 1 1.3-.12l9.54 6.72a1 1 0 0 1 .07 1.58l-1 1 .35.36ZM15.66 16.8a1 1 0 0 1-1.38.28l-8.49-5.66A1 1 0 1 1 6.9 9.76l8.49 5.65a1 1 0 0 1 .27 1.39ZM17.1 14.25a1 1 0 1 0 1.11-1.66L9.73 6.93a1 1 0 0 0-1.11 1.66l8.49 5.66Z"
	/>
`});function ti(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-hidden="false"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${jo}
	</svg>`}var jo,_s=H(()=>{N();Q();jo=E`
	<path
		fill="currentColor"
		fill-rule="evenodd"
		clip-rule="evenodd"
		d="M6 9h1V6a5 5 0 0 1 10 0v3h1a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3v-8a3 3 0 0 1 3-3Zm9-3v3H9V6a3 3 0 1 1 6 0Zm-1 8a2 2 0 0 1-1 1.73V18a1 1 0 1 1-2 0v-2.27A2 2 0 1 1 14 14Z"
	/>
`});function ii(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-hidden="false"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${So}
	</svg>`}var So,zs=H(()=>{N();Q();So=E`
	<path
		fill="currentColor"
		d="M12 3a1 1 0 0 0-1-1h-.06a1 1 0 0 0-.74.32L5.92 7H3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h2.92l4.28 4.68a1 1 0 0 0 .74.32H11a1 1 0 0 0 1-1V3ZM15.1 20.75c-.58.14-1.1-.33-1.1-.92v-.03c0-.5.37-.92.85-1.05a7 7 0 0 0 0-13.5A1.11 1.11 0 0 1 14 4.2v-.03c0-.6.52-1.06 1.1-.92a9 9 0 0 1 0 17.5Z"
	/>
	<path
		fill="currentColor"
		d="M15.16 16.51c-.57.28-1.16-.2-1.16-.83v-.14c0-.43.28-.8.63-1.02a3 3 0 0 0 0-5.04c-.35-.23-.63-.6-.63-1.02v-.14c0-.63.59-1.1 1.16-.83a5 5 0 0 1 0 9.02Z"
	/>
`});var It,Ue,de,Pe,bs,n8,Ie=H(()=>{Ae();N();pe();Se();Vt();ps();us();gs();_s();zs();It=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Ue=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},de="light-theme",Pe="compact-mode",bs="no-background",n8=(()=>{let i=[ae("discord-messages")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[];var W=class extends a{static{e=this}static{let x=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[Nt({context:de}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],z=[Nt({context:bs}),g({type:Boolean,reflect:!0,attribute:"no-background"})],o=[Nt({context:Pe}),g({type:Boolean,reflect:!0,attribute:"compact-mode"})],_=[g({reflect:!0,attribute:"channel-type"})],u=[g({reflect:!0,attribute:"channel-name"})],It(this,null,l,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:p=>"lightTheme"in p,get:p=>p.lightTheme,set:(p,O)=>{p.lightTheme=O}},metadata:x},r,c),It(this,null,z,{kind:"accessor",name:"noBackground",static:!1,private:!1,access:{has:p=>"noBackground"in p,get:p=>p.noBackground,set:(p,O)=>{p.noBackground=O}},metadata:x},f,h),It(this,null,o,{kind:"accessor",name:"compactMode",static:!1,private:!1,access:{has:p=>"compactMode"in p,get:p=>p.compactMode,set:(p,O)=>{p.compactMode=O}},metadata:x},w,b),It(this,null,_,{kind:"accessor",name:"channelType",static:!1,private:!1,access:{has:p=>"channelType"in p,get:p=>p.channelType,set:(p,O)=>{p.channelType=O}},metadata:x},m,d),It(this,null,u,{kind:"accessor",name:"channelName",static:!1,private:!1,access:{has:p=>"channelName"in p,get:p=>p.channelName,set:(p,O)=>{p.channelName=O}},metadata:x},S,T),It(null,t={value:e},i,{kind:"class",name:e.name,metadata:x},null,s),W=e=t.value,x&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:x})}static styles=ie`
		:host {
			color: #fff;
			background-color: #36393e;
			display: block;
			font-size: 16px;
			font-family: 'gg sans', 'Noto Sans', Whitney, 'Helvetica Neue', Helvetica, Roboto, Arial, sans-serif;
			line-height: 170%;
			border: 1px solid rgba(255, 255, 255, 0.05);
		}

		:host([light-theme]) {
			color: #747f8d;
			background-color: #fff;
			border-color: #dedede;
		}

		:host([no-background]) {
			background-color: unset;
		}

		::slotted(*) {
			padding-top: 0.125rem;
			padding-bottom: 0.125rem;
		}

		::slotted(*:first-child) {
			margin-top: 0.5rem;
		}

		::slotted(*:not(:first-child)) {
			margin-top: 1.0625rem;
		}

		:host([compact-mode]) ::slotted(*:not(:first-child)) {
			margin-top: unset;
		}

		::slotted(*:last-child) {
			margin-bottom: 0.5rem;
			border-bottom-width: 0;
		}

		:host .discord-channel-header {
			display: flex;
			align-items: center;
			padding: 0.5rem 1rem;
			box-shadow:
				0 2px 0 0 rgba(0, 0, 0, 0.05),
				0 1.5px 0 0 rgba(0, 0, 0, 0.05),
				0 1px 0 0 rgba(0, 0, 0, 0.16);
		}

		:host .discord-channel-icon {
			height: 24px;
			width: auto;
			margin: 0 8px;
			position: relative;
			flex: 0 0 auto;
			color: #80848e;
		}

		:host([light-theme]) .discord-channel-icon {
			color: #6d6f78;
		}

		:host .discord-channel-name {
			margin: 0 8px 0 0;
			flex: 0 0 auto;
			min-width: auto;
		}
	`;#e=Ue(this,r,!1);get lightTheme(){return this.#e}set lightTheme(x){this.#e=x}#t=(Ue(this,c),Ue(this,f,!1));get noBackground(){return this.#t}set noBackground(x){this.#t=x}#i=(Ue(this,h),Ue(this,w,!1));get compactMode(){return this.#i}set compactMode(x){this.#i=x}#s=(Ue(this,b),Ue(this,m,void 0));get channelType(){return this.#s}set channelType(x){this.#s=x}#a=(Ue(this,d),Ue(this,S,void 0));get channelName(){return this.#a}set channelName(x){this.#a=x}connectedCallback(){super.connectedCallback(),(this.lightTheme||ir==="light"&&this.lightTheme)&&(this.lightTheme=!0),(this.compactMode||sr==="compact"&&this.compactMode)&&(this.compactMode=!0),(this.noBackground||ar==="none"&&this.noBackground)&&(this.noBackground=!0)}render(){let x;switch(this.channelType){case"text":x=n`${Yt()}`;break;case"voice":x=n`${ii()}`;break;case"locked":x=n`${ti()}`;break;case"thread":x=n`${ei()}`;break;case"forum":x=n`${Xt()}`;break}return n`
			${D(this.channelType&&this.channelName,()=>n`<div class="discord-channel-header">
						<div class="discord-channel-icon">${x}</div>
						<div class="discord-channel-name">${this.channelName}</div>
					</div>`)}
			<slot></slot>
		`}constructor(){super(...arguments),Ue(this,T)}static{Ue(e,s)}};return W=e})()});function Re(i={}){return n`<svg
		${A(i)}
		class="discord-application-tag-verified"
		aria-label="Verified App"
		aria-hidden="false"
		width="16"
		height="16"
		viewBox="0 0 16 15.2"
		xmlns="http://www.w3.org/2000/svg"
	>
		${Io}
	</svg>`}var Io,si=H(()=>{N();Q();Io=E`
	<path d="M7.4,11.17,4,8.62,5,7.26l2,1.53L10.64,4l1.36,1Z" fill="currentColor" />
`});var ys,ai,y8,xs=H(()=>{Ae();N();pe();Se();Ie();si();ys=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},ai=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},y8=(()=>{let i=[ae("discord-verified-author-tag")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[];var o=class extends a{static{e=this}static{let w=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g({type:Boolean})],z=[oe({context:Pe}),g({type:Boolean,reflect:!0,attribute:"compact-mode"})],ys(this,null,l,{kind:"accessor",name:"verified",static:!1,private:!1,access:{has:b=>"verified"in b,get:b=>b.verified,set:(b,_)=>{b.verified=_}},metadata:w},r,c),ys(this,null,z,{kind:"accessor",name:"compactMode",static:!1,private:!1,access:{has:b=>"compactMode"in b,get:b=>b.compactMode,set:(b,_)=>{b.compactMode=_}},metadata:w},f,h),ys(null,t={value:e},i,{kind:"class",name:e.name,metadata:w},null,s),o=e=t.value,w&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:w})}static styles=ie`
		:host {
			background-color: #5865f2;
			color: #fff;
			font-size: 0.625em;
			margin-left: 4px;
			border-radius: 3px;
			line-height: 100%;
			text-transform: uppercase;
			display: inline-flex;
			align-items: center;
			height: 0.9375rem;
			padding: 0 0.275rem;
			margin-top: 0.075em;
			border-radius: 0.1875rem;
		}

		:host .discord-application-tag-verified {
			display: inline-block;
			width: 0.9375rem;
			height: 0.9375rem;
			margin-left: -0.25rem;
		}

		:host([compact-mode]) {
			padding-left: 10px;
			padding-right: 4px;
			margin-right: 0.25rem;
			margin-left: 0px !important;
			margin-top: 0px !important;
		}

		:host([compact-mode]) .discord-application-tag-verified {
			margin-right: 0.7em;
			margin-left: -0.7em;
		}
	`;#e=ai(this,r,!1);get verified(){return this.#e}set verified(w){this.#e=w}#t=(ai(this,c),ai(this,f,!1));get compactMode(){return this.#t}set compactMode(w){this.#t=w}render(){return n`${D(this.verified,()=>Re())}App`}constructor(){super(...arguments),ai(this,h)}static{ai(e,s)}};return o=e})()});var or,Do,Ne,lr=H(()=>{Ke();At();or="important",Do=" !"+or,Ne=yt(class extends vt{constructor(i){if(super(i),i.type!==Et.ATTRIBUTE||i.name!=="style"||i.strings?.length>2)throw Error("The `styleMap` directive must be used in the `style` attribute and must be the only part in the attribute.")}render(i){return Object.keys(i).reduce((t,s)=>{let e=i[s];return e==null?t:t+`${s=s.includes("-")?s:s.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g,"-$&").toLowerCase()}:${e};`},"")}update(i,[t]){let{style:s}=i.element;if(this.ft===void 0)return this.ft=new Set(Object.keys(t)),this.render(t);for(let e of this.ft)t[e]==null&&(this.ft.delete(e),e.includes("-")?s.removeProperty(e):s[e]=null);for(let e in t){let a=t[e];if(a!=null){this.ft.add(e);let l=typeof a=="string"&&a.endsWith(Do);e.includes("-")||l?s.setProperty(e,l?a.slice(0,-11):a,l?or:""):s[e]=a}}return De}})});var ri=H(()=>{lr()});var Te,le,P8,Ms=H(()=>{xs();Ae();N();pe();Oe();ri();Se();Je();Ie();si();Te=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},le=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},P8=(()=>{let i=[ae("discord-author-info")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[],O,q=[],B=[],te,fe=[],ve=[],ge,K=[],U=[],re,ze=[],be=[],ye,xe=[],Me=[],we,He=[],$e=[],ke,L=[],k=[];var Y=class extends a{static{e=this}static{let P=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g()],z=[g({type:Boolean})],o=[g({type:Boolean})],_=[g({type:Boolean,attribute:"official-app"})],u=[g({type:Boolean})],W=[g({attribute:"role-color"})],O=[g({attribute:"role-icon"})],te=[g({attribute:"role-name"})],ge=[g({attribute:"clan-icon"})],re=[g({attribute:"clan-tag"})],ye=[g({type:Boolean})],we=[oe({context:Pe}),g({type:Boolean,reflect:!0,attribute:"compact-mode"})],ke=[oe({context:de}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],Te(this,null,l,{kind:"accessor",name:"author",static:!1,private:!1,access:{has:$=>"author"in $,get:$=>$.author,set:($,ee)=>{$.author=ee}},metadata:P},r,c),Te(this,null,z,{kind:"accessor",name:"bot",static:!1,private:!1,access:{has:$=>"bot"in $,get:$=>$.bot,set:($,ee)=>{$.bot=ee}},metadata:P},f,h),Te(this,null,o,{kind:"accessor",name:"server",static:!1,private:!1,access:{has:$=>"server"in $,get:$=>$.server,set:($,ee)=>{$.server=ee}},metadata:P},w,b),Te(this,null,_,{kind:"accessor",name:"officialApp",static:!1,private:!1,access:{has:$=>"officialApp"in $,get:$=>$.officialApp,set:($,ee)=>{$.officialApp=ee}},metadata:P},m,d),Te(this,null,u,{kind:"accessor",name:"op",static:!1,private:!1,access:{has:$=>"op"in $,get:$=>$.op,set:($,ee)=>{$.op=ee}},metadata:P},S,T),Te(this,null,W,{kind:"accessor",name:"roleColor",static:!1,private:!1,access:{has:$=>"roleColor"in $,get:$=>$.roleColor,set:($,ee)=>{$.roleColor=ee}},metadata:P},x,p),Te(this,null,O,{kind:"accessor",name:"roleIcon",static:!1,private:!1,access:{has:$=>"roleIcon"in $,get:$=>$.roleIcon,set:($,ee)=>{$.roleIcon=ee}},metadata:P},q,B),Te(this,null,te,{kind:"accessor",name:"roleName",static:!1,private:!1,access:{has:$=>"roleName"in $,get:$=>$.roleName,set:($,ee)=>{$.roleName=ee}},metadata:P},fe,ve),Te(this,null,ge,{kind:"accessor",name:"clanIcon",static:!1,private:!1,access:{has:$=>"clanIcon"in $,get:$=>$.clanIcon,set:($,ee)=>{$.clanIcon=ee}},metadata:P},K,U),Te(this,null,re,{kind:"accessor",name:"clanTag",static:!1,private:!1,access:{has:$=>"clanTag"in $,get:$=>$.clanTag,set:($,ee)=>{$.clanTag=ee}},metadata:P},ze,be),Te(this,null,ye,{kind:"accessor",name:"verified",static:!1,private:!1,access:{has:$=>"verified"in $,get:$=>$.verified,set:($,ee)=>{$.verified=ee}},metadata:P},xe,Me),Te(this,null,we,{kind:"accessor",name:"compactMode",static:!1,private:!1,access:{has:$=>"compactMode"in $,get:$=>$.compactMode,set:($,ee)=>{$.compactMode=ee}},metadata:P},He,$e),Te(this,null,ke,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:$=>"lightTheme"in $,get:$=>$.lightTheme,set:($,ee)=>{$.lightTheme=ee}},metadata:P},L,k),Te(null,t={value:e},i,{kind:"class",name:e.name,metadata:P},null,s),Y=e=t.value,P&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:P})}static styles=ie`
		:host {
			display: inline-flex;
			align-items: center;
			font-size: 16px;
			text-underline-offset: 1px;
			margin-right: 0.25rem;
		}

		:host .discord-author-username {
			color: #fff;
			font-size: 1em;
			font-weight: 500;
		}

		:host .discord-author-username:hover {
			text-decoration: underline;
			cursor: pointer;
		}

		:host([light-theme]) .discord-author-username {
			color: #23262a;
		}

		:host .discord-clan-tag {
			background-color: oklab(0.431937 0.00109309 -0.0132537 / 0.54);
			color: #fff;
			font-size: 12px;
			font-weight: 500;
			margin-left: 0.25rem;
			border-radius: 4px;
			line-height: 100%;
			text-transform: uppercase;
			display: inline-flex;
			width: max-content;
			gap: 0.25rem;
			justify-content: space-between;
			align-items: center;
			padding: 0 0.275rem;
			margin-top: 0.075em;
			height: 1.2rem;
			min-width: 45px;
			line-height: 1rem !important;
			transition: background-color 100ms ease-in-out;
			cursor: pointer;
		}

		:host .discord-clan-tag:hover {
			background-color: oklab(0.431937 0.00109309 -0.0132537 / 0.34);
		}

		:host([light-theme]) .discord-clan-tag {
			background-color: hsl(0 calc(1 * 0%) 0.8%/0.09);
			color: #000;
		}

		:host([light-theme]) .discord-clan-tag:hover {
			background-color: hsl(0 calc(1 * 0%) 0.8%/0.03);
		}

		:host([compact-mode]) .discord-clan-tag {
			margin-left: 0rem;
		}

		:host .discord-clan-tag span,
		:host .discord-clan-tag svg,
		:host .discord-clan-tag img {
			user-select: none;
			-webkit-user-select: none;
		}

		:host .discord-application-tag {
			background-color: #5865f2;
			color: #fff;
			font-size: 0.625em;
			border-radius: 3px;
			line-height: 100%;
			text-transform: uppercase;

			/* Use flex layout to ensure both verified icon and "BOT" text are aligned to center */
			display: inline-flex;
			align-items: center;

			/* Styling taken through Inspect Element on Discord client for Windows */
			height: 0.9375rem;
			padding: 0 0.275rem;
			margin-top: 0.075em;
			border-radius: 0.1875rem;
		}

		:host .discord-official-application {
			background-color: #5865f2;
			color: #fff;
			font-size: 0.625em;
			margin-left: 4px;
			border-radius: 3px;
			line-height: 100%;
			text-transform: uppercase;

			/* Use flex layout to ensure both verified icon and "BOT" text are aligned to center */
			display: flex;
			align-items: center;

			/* Styling taken through Inspect Element on Discord client for Windows */
			height: 0.9375rem;
			padding: 0 0.275rem;
			margin-top: 0.075em;
			border-radius: 0.1875rem;
		}

		:host([compact-mode]) .discord-official-application {
			margin-right: 5px;
			margin-left: 0px !important;
		}

		:host .discord-application-tag.discord-application-tag-op {
			background-color: #c9cdfb;
			color: #4752c4;
			border-radius: 0.4rem;
		}

		:host .discord-author-role-icon {
			margin-left: 0.25rem;
			vertical-align: top;
			height: calc(1rem + 4px);
			width: calc(1rem + 4px);
		}

		:host([compact-mode]) .discord-author-username {
			margin-right: 0.25rem;
		}

		:host([compact-mode]) .discord-application-tag {
			padding-left: 10px;
			padding-right: 4px;
			margin-right: 0.25rem;
		}
	`;#e=le(this,r,void 0);get author(){return this.#e}set author(P){this.#e=P}#t=(le(this,c),le(this,f,!1));get bot(){return this.#t}set bot(P){this.#t=P}#i=(le(this,h),le(this,w,!1));get server(){return this.#i}set server(P){this.#i=P}#s=(le(this,b),le(this,m,!1));get officialApp(){return this.#s}set officialApp(P){this.#s=P}#a=(le(this,d),le(this,S,!1));get op(){return this.#a}set op(P){this.#a=P}#r=(le(this,T),le(this,x,void 0));get roleColor(){return this.#r}set roleColor(P){this.#r=P}#o=(le(this,p),le(this,q,void 0));get roleIcon(){return this.#o}set roleIcon(P){this.#o=P}#l=(le(this,B),le(this,fe,void 0));get roleName(){return this.#l}set roleName(P){this.#l=P}#h=(le(this,ve),le(this,K,void 0));get clanIcon(){return this.#h}set clanIcon(P){this.#h=P}#n=(le(this,U),le(this,ze,void 0));get clanTag(){return this.#n}set clanTag(P){this.#n=P}#c=(le(this,be),le(this,xe,!1));get verified(){return this.#c}set verified(P){this.#c=P}#d=(le(this,Me),le(this,He,!1));get compactMode(){return this.#d}set compactMode(P){this.#d=P}#m=(le(this,$e),le(this,L,!1));get lightTheme(){return this.#m}set lightTheme(P){this.#m=P}render(){let P=Gi(this.clanIcon),$=this.clanTag?.slice(0,4);return n`${D(this.compactMode,()=>null,()=>n`<span class="discord-author-username" style="${Ne({color:this.roleColor??void 0})}">${this.author}</span>`)}
		${D(this.roleIcon&&!this.compactMode,()=>n`<img
					class="discord-author-role-icon"
					src=${F(this.roleIcon)}
					height="20"
					width="20"
					alt=${F(this.roleName)}
					draggable="false"
				/>`)}
		${D(this.bot&&!this.server&&!this.officialApp,()=>n`<discord-verified-author-tag .verified=${this.verified}></discord-verified-author-tag>`)}
		${D(this.server&&!this.bot&&!this.officialApp,()=>n`<span class="discord-application-tag">Server</span>`)}
		${D(this.officialApp&&!this.server&&!this.bot,()=>n`<span class="discord-official-application">${Re()}OFFICIAL</span>`)}
		${D(this.op,()=>n`<span class="discord-application-tag discord-application-tag-op">OP</span>`)}
		${D(this.compactMode,()=>n`<span class="discord-author-username" style="${Ne({color:this.roleColor??void 0})}">${this.author}</span>`)}
		${D(this.clanIcon&&this.clanTag&&this.clanTag?.length>0,()=>n`
				<span class="discord-clan-tag">
					${P==="string"?n`<img srcset=${F(P)} alt=${F($)} width="12" height="12" draggable="false" />`:P}
					<span>${$}</span>
				</span>
			`)} `}constructor(){super(...arguments),le(this,k)}static{le(e,s)}};return Y=e})()});function ws(i={}){return n`<svg
		${A(i)}
		class="discord-message-ephemeral-icon"
		aria-hidden="false"
		width="16"
		height="16"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${Oo}
	</svg>`}var Oo,hr=H(()=>{N();Q();Oo=E`
 	<path 
		fill="currentColor" 
 		d="M15.56 11.77c.2-.1.44.02.44.23a4 4 0 1 1-4-4c.21 0 .33.25.23.44a2.5 2.5 0 0 0 3.32 3.32Z"
 	/>
  	<path 
		fill="currentColor" 
  		fill-rule="evenodd" 
  		d="M22.89 11.7q.105.3 0 .6C22.27 13.9 19.1 21 12 21c-7.11 0-10.27-7.11-10.89-8.7a.83.83 0 0 1 0-.6C1.73 10.1 4.9 3 12 3c7.11 0 10.27 7.11 10.89 8.7m-4.5-3.62A15.1 15.1 0 0 1 20.85 12c-.38.88-1.18 2.47-2.46 3.92C16.87 17.62 14.8 19 12 19s-4.87-1.38-6.39-3.08A15.1 15.1 0 0 1 3.15 12c.38-.88 1.18-2.47 2.46-3.92C7.13 6.38 9.2 5 12 5s4.87 1.38 6.39 3.08" 
  		clip-rule="evenodd"
  	/>
`});var he,Z,sc,nr=H(()=>{Ae();N();pe();xt();Oe();Se();Vt();Je();Ms();Ie();hr();he=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Z=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},sc=(()=>{let i=[ae("discord-message")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[],O,q=[],B=[],te,fe=[],ve=[],ge,K=[],U=[],re,ze=[],be=[],ye,xe=[],Me=[],we,He=[],$e=[],ke,L=[],k=[],Y,P=[],$=[],ee,et=[],tt=[],it,st=[],at=[],rt,ot=[],lt=[],ht,nt=[],ct=[],dt,I=[],M=[],R,Ze=[],mt=[],pt,j=[],y=[],G,ci=[],Ut=[],Ee,di=[],Ps=[],Rs,Ns=[],Ls=[];var Fs=class extends a{static{e=this}static{let C=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g()],z=[g()],o=[g()],_=[g({type:Boolean})],u=[g({type:Boolean})],W=[g({type:Boolean,attribute:"official-app"})],O=[g({type:Boolean})],te=[g({type:Boolean})],ge=[g({type:Boolean})],re=[g({attribute:"role-color"})],ye=[g({attribute:"role-icon"})],we=[g({attribute:"role-name"})],ke=[g({attribute:"clan-icon"})],Y=[g({attribute:"clan-tag"})],ee=[g({type:Boolean,reflect:!0})],it=[g({type:Boolean,reflect:!0})],rt=[g({type:String,converter:v=>jt(v,!1,!1),attribute:!0})],ht=[g({type:Boolean,attribute:"twenty-four"})],dt=[g({type:Boolean,attribute:"message-body-only"})],R=[oe({context:de}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],pt=[oe({context:Pe}),g({type:Boolean,reflect:!0,attribute:"compact-mode"})],G=[oe({context:bs}),g({type:Boolean,reflect:!0,attribute:"no-background"})],Ee=[g({type:Boolean,reflect:!0,attribute:"has-thread"})],Rs=[g({reflect:!1,attribute:"dismiss-message-clicked"})],he(this,null,l,{kind:"accessor",name:"profile",static:!1,private:!1,access:{has:v=>"profile"in v,get:v=>v.profile,set:(v,V)=>{v.profile=V}},metadata:C},r,c),he(this,null,z,{kind:"accessor",name:"author",static:!1,private:!1,access:{has:v=>"author"in v,get:v=>v.author,set:(v,V)=>{v.author=V}},metadata:C},f,h),he(this,null,o,{kind:"accessor",name:"avatar",static:!1,private:!1,access:{has:v=>"avatar"in v,get:v=>v.avatar,set:(v,V)=>{v.avatar=V}},metadata:C},w,b),he(this,null,_,{kind:"accessor",name:"bot",static:!1,private:!1,access:{has:v=>"bot"in v,get:v=>v.bot,set:(v,V)=>{v.bot=V}},metadata:C},m,d),he(this,null,u,{kind:"accessor",name:"server",static:!1,private:!1,access:{has:v=>"server"in v,get:v=>v.server,set:(v,V)=>{v.server=V}},metadata:C},S,T),he(this,null,W,{kind:"accessor",name:"officialApp",static:!1,private:!1,access:{has:v=>"officialApp"in v,get:v=>v.officialApp,set:(v,V)=>{v.officialApp=V}},metadata:C},x,p),he(this,null,O,{kind:"accessor",name:"verified",static:!1,private:!1,access:{has:v=>"verified"in v,get:v=>v.verified,set:(v,V)=>{v.verified=V}},metadata:C},q,B),he(this,null,te,{kind:"accessor",name:"op",static:!1,private:!1,access:{has:v=>"op"in v,get:v=>v.op,set:(v,V)=>{v.op=V}},metadata:C},fe,ve),he(this,null,ge,{kind:"accessor",name:"edited",static:!1,private:!1,access:{has:v=>"edited"in v,get:v=>v.edited,set:(v,V)=>{v.edited=V}},metadata:C},K,U),he(this,null,re,{kind:"accessor",name:"roleColor",static:!1,private:!1,access:{has:v=>"roleColor"in v,get:v=>v.roleColor,set:(v,V)=>{v.roleColor=V}},metadata:C},ze,be),he(this,null,ye,{kind:"accessor",name:"roleIcon",static:!1,private:!1,access:{has:v=>"roleIcon"in v,get:v=>v.roleIcon,set:(v,V)=>{v.roleIcon=V}},metadata:C},xe,Me),he(this,null,we,{kind:"accessor",name:"roleName",static:!1,private:!1,access:{has:v=>"roleName"in v,get:v=>v.roleName,set:(v,V)=>{v.roleName=V}},metadata:C},He,$e),he(this,null,ke,{kind:"accessor",name:"clanIcon",static:!1,private:!1,access:{has:v=>"clanIcon"in v,get:v=>v.clanIcon,set:(v,V)=>{v.clanIcon=V}},metadata:C},L,k),he(this,null,Y,{kind:"accessor",name:"clanTag",static:!1,private:!1,access:{has:v=>"clanTag"in v,get:v=>v.clanTag,set:(v,V)=>{v.clanTag=V}},metadata:C},P,$),he(this,null,ee,{kind:"accessor",name:"highlight",static:!1,private:!1,access:{has:v=>"highlight"in v,get:v=>v.highlight,set:(v,V)=>{v.highlight=V}},metadata:C},et,tt),he(this,null,it,{kind:"accessor",name:"ephemeral",static:!1,private:!1,access:{has:v=>"ephemeral"in v,get:v=>v.ephemeral,set:(v,V)=>{v.ephemeral=V}},metadata:C},st,at),he(this,null,rt,{kind:"accessor",name:"timestamp",static:!1,private:!1,access:{has:v=>"timestamp"in v,get:v=>v.timestamp,set:(v,V)=>{v.timestamp=V}},metadata:C},ot,lt),he(this,null,ht,{kind:"accessor",name:"twentyFour",static:!1,private:!1,access:{has:v=>"twentyFour"in v,get:v=>v.twentyFour,set:(v,V)=>{v.twentyFour=V}},metadata:C},nt,ct),he(this,null,dt,{kind:"accessor",name:"messageBodyOnly",static:!1,private:!1,access:{has:v=>"messageBodyOnly"in v,get:v=>v.messageBodyOnly,set:(v,V)=>{v.messageBodyOnly=V}},metadata:C},I,M),he(this,null,R,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:v=>"lightTheme"in v,get:v=>v.lightTheme,set:(v,V)=>{v.lightTheme=V}},metadata:C},Ze,mt),he(this,null,pt,{kind:"accessor",name:"compactMode",static:!1,private:!1,access:{has:v=>"compactMode"in v,get:v=>v.compactMode,set:(v,V)=>{v.compactMode=V}},metadata:C},j,y),he(this,null,G,{kind:"accessor",name:"noBackground",static:!1,private:!1,access:{has:v=>"noBackground"in v,get:v=>v.noBackground,set:(v,V)=>{v.noBackground=V}},metadata:C},ci,Ut),he(this,null,Ee,{kind:"accessor",name:"hasThread",static:!1,private:!1,access:{has:v=>"hasThread"in v,get:v=>v.hasThread,set:(v,V)=>{v.hasThread=V}},metadata:C},di,Ps),he(this,null,Rs,{kind:"accessor",name:"dismissMessageClicked",static:!1,private:!1,access:{has:v=>"dismissMessageClicked"in v,get:v=>v.dismissMessageClicked,set:(v,V)=>{v.dismissMessageClicked=V}},metadata:C},Ns,Ls),he(null,t={value:e},i,{kind:"class",name:e.name,metadata:C},null,s),Fs=e=t.value,C&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:C})}static styles=ie`
		:host {
			color: #dcddde;
			display: flex;
			flex-direction: column;
			font-size: 0.9em;
			font-family: 'gg sans', 'Noto Sans', Whitney, 'Helvetica Neue', Helvetica, Roboto, Arial, sans-serif;

			position: relative;
			word-wrap: break-word;
			-webkit-user-select: text;
			-moz-user-select: text;
			-ms-user-select: text;
			user-select: text;
			-webkit-box-flex: 0;
			-ms-flex: 0 0 auto;
			flex: 0 0 auto;
			min-height: 1.375rem;
			padding-left: 1em;
			padding-right: 48px;
			margin-top: inherit;
			margin-bottom: inherit;
			line-height: 16px;
		}

		.discord-message-inner {
			display: flex;
			position: relative;
			-webkit-box-flex: 0;
			-ms-flex: 0 0 auto;
			flex: 0 0 auto;
		}

		.discord-message-inner-center {
			align-items: center;
		}

		:host([message-body-only]) {
			margin-top: 0px !important;
			padding-top: 0.125rem !important;
			padding-bottom: 0.0625rem !important;
		}

		:host([highlight]),
		:host([ephemeral]) {
			padding-right: 5px;
			position: relative;
		}

		:host([highlight])::before,
		:host([ephemeral])::before {
			content: '';
			position: absolute;
			display: block;
			top: 0;
			left: 0;
			bottom: 0;
			pointer-events: none;
			width: 2px;
		}

		:host([highlight]) {
			background-color: rgba(250, 166, 26, 0.1);
		}

		:host([highlight][light-theme]) {
			background-color: rgba(250, 166, 26, 0.1);
		}

		:host([highlight])::before {
			background-color: #faa61a;
		}

		:host([light-theme][highlight])::before {
			background-color: #af7615;
		}

		:host([ephemeral]) {
			background-color: rgba(88, 101, 242, 0.05);
		}

		:host([ephemeral]:hover) {
			background-color: rgba(88, 101, 242, 0.1);
		}

		:host([ephemeral])::before {
			background-color: #5865f2;
		}

		:host([light-theme]) {
			color: #2e3338;
			border-color: #eceeef;
		}

		.discord-author-avatar {
			margin-right: 16px;
			margin-top: 5px;
			min-width: 40px;
			z-index: 1;
			display: flex;
		}

		.discord-author-avatar img {
			width: 40px;
			height: 40px;
			border-radius: 50%;
			cursor: pointer;
		}

		.discord-message-timestamp {
			color: #72767d;
			font-size: 12px;
			margin-left: 3px;
		}

		.discord-message-body-only-indent {
			width: 56px;
		}

		:host(:hover) .discord-message-timestamp-hover::before {
			content: attr(datetime);
		}

		:host([light-theme]) .discord-message-timestamp {
			color: #747f8d;
		}

		.discord-message-edited {
			color: #72767d;
			font-size: 10px;
		}

		:host([light-theme]) .discord-message-edited {
			color: #99aab5;
		}

		.discord-message-content {
			width: 100%;
			line-height: 160%;
			font-weight: normal;
			padding-top: 2px;
		}

		.discord-message-body {
			font-size: 1rem;
			font-weight: 400;
			word-break: break-word;
			position: relative;
		}

		:host([light-theme]) .discord-message-timestamp,
		:host([compact-mode]) .discord-message:hover .discord-message-timestamp {
			color: #99aab5;
		}

		:host([light-theme][compact-mode]).discord-message-timestamp {
			color: #d1d9de;
		}

		:host([compact-mode]) .discord-message-timestamp {
			display: inline-block;
			width: 3.1rem;
			text-align: right;
			font-size: 0.6875rem;
			line-height: 1.375rem;
			margin-right: 0.375rem;
			margin-left: 0;
			text-indent: 0;
		}

		:host([compact-mode]) .discord-message-body {
			line-height: 1.375rem;
			padding-left: 10px;
			margin-left: -6px;
		}

		:host([compact-mode]) .discord-message-compact-indent {
			padding-left: 10px;
		}

		:host .discord-message-markup {
			font-size: 1rem;
			line-height: 1.375rem;
			word-wrap: break-word;
			user-select: text;
			font-weight: 400;
			display: inline;
		}

		:host(:hover) {
			background-color: hsl(0 calc(1 * 0%) 0.8%/0.03);
		}

		:host([highlight]:hover) {
			background-color: hsl(40 calc(1 * 86.4%) 56.9%/0.08);
		}

		:host([has-thread]):after {
			width: 2rem;
			left: 2.2rem;
			top: 4.8rem;
			border-left: 2px solid #4f545c !important;
			border-bottom: 2px solid #4f545c !important;
			border-bottom-left-radius: 8px !important;
			bottom: 29px;
			content: '';
			position: absolute;
		}

		:host([light-theme][has-Thread]):after {
			border-color: #747f8d !important;
		}

		.discord-message-ephemeral {
			margin-top: 4px;
			font-size: 12px;
			font-weight: 400;
			color: #72767d;
		}

		:host([light-theme]) .discord-message-ephemeral {
			color: #747f8d;
		}

		.discord-message-ephemeral .discord-message-ephemeral-link {
			color: #00aff4;
			font-weight: 500;
			cursor: pointer;
		}

		.discord-message-ephemeral .discord-message-ephemeral-link:hover {
			text-decoration: underline;
		}

		.discord-message-ephemeral .discord-message-ephemeral-icon {
			margin-right: 4px;
			vertical-align: text-bottom;
		}
	`;#e=Z(this,r,void 0);get profile(){return this.#e}set profile(C){this.#e=C}#t=(Z(this,c),Z(this,f,"User"));get author(){return this.#t}set author(C){this.#t=C}#i=(Z(this,h),Z(this,w,void 0));get avatar(){return this.#i}set avatar(C){this.#i=C}#s=(Z(this,b),Z(this,m,!1));get bot(){return this.#s}set bot(C){this.#s=C}#a=(Z(this,d),Z(this,S,!1));get server(){return this.#a}set server(C){this.#a=C}#r=(Z(this,T),Z(this,x,!1));get officialApp(){return this.#r}set officialApp(C){this.#r=C}#o=(Z(this,p),Z(this,q,!1));get verified(){return this.#o}set verified(C){this.#o=C}#l=(Z(this,B),Z(this,fe,!1));get op(){return this.#l}set op(C){this.#l=C}#h=(Z(this,ve),Z(this,K,!1));get edited(){return this.#h}set edited(C){this.#h=C}#n=(Z(this,U),Z(this,ze,void 0));get roleColor(){return this.#n}set roleColor(C){this.#n=C}#c=(Z(this,be),Z(this,xe,void 0));get roleIcon(){return this.#c}set roleIcon(C){this.#c=C}#d=(Z(this,Me),Z(this,He,void 0));get roleName(){return this.#d}set roleName(C){this.#d=C}#m=(Z(this,$e),Z(this,L,void 0));get clanIcon(){return this.#m}set clanIcon(C){this.#m=C}#f=(Z(this,k),Z(this,P,void 0));get clanTag(){return this.#f}set clanTag(C){this.#f=C}#v=(Z(this,$),Z(this,et,!1));get highlight(){return this.#v}set highlight(C){this.#v=C}#p=(Z(this,tt),Z(this,st,!1));get ephemeral(){return this.#p}set ephemeral(C){this.#p=C}#u=(Z(this,at),Z(this,ot,new Date));get timestamp(){return this.#u}set timestamp(C){this.#u=C}#g=(Z(this,lt),Z(this,nt,!1));get twentyFour(){return this.#g}set twentyFour(C){this.#g=C}#_=(Z(this,ct),Z(this,I,!1));get messageBodyOnly(){return this.#_}set messageBodyOnly(C){this.#_=C}#z=(Z(this,M),Z(this,Ze,!1));get lightTheme(){return this.#z}set lightTheme(C){this.#z=C}#b=(Z(this,mt),Z(this,j,!1));get compactMode(){return this.#b}set compactMode(C){this.#b=C}#y=(Z(this,y),Z(this,ci,!1));get noBackground(){return this.#y}set noBackground(C){this.#y=C}#x=(Z(this,Ut),Z(this,di,!1));get hasThread(){return this.#x}set hasThread(C){this.#x=C}#M=(Z(this,Ps),Z(this,Ns,()=>{}));get dismissMessageClicked(){return this.#M}set dismissMessageClicked(C){this.#M=C}willUpdate(){this.hasThread=Array.from(this.children).some(C=>C.tagName.toLowerCase()==="discord-thread"),this.highlight=this.highlight||Array.from(this.children).some(C=>C.tagName.toLowerCase()==="discord-mention"&&C.hasAttribute("highlight")&&(C.type==="user"||C.type==="role"))}handleSpaceToDismissMessage(C){C.code==="Space"&&(C.preventDefault(),C.stopPropagation(),this.dismissMessageClicked?.())}render(){let C={author:this.author,bot:this.bot,officialApp:this.officialApp,verified:this.verified,server:this.server,op:this.op,roleColor:this.roleColor,roleIcon:this.roleIcon,clanIcon:this.clanIcon,clanTag:this.clanTag,roleName:this.roleName},v=this.profile!==void 0&&Reflect.get(wt,this.profile)||{},V={...C,...v,avatar:this.resolveAvatar(v.avatar??this.avatar)},Pt=jt(this.timestamp,this.compactMode,this.twentyFour)??void 0;return n`
			<slot name="reply"></slot>
			<div
				class=${Ce({"discord-message-inner":!0,"discord-message-inner-center":this.messageBodyOnly})}
			>
				${D(this.compactMode&&!this.messageBodyOnly,()=>n`<time datetime="${F(Pt)}" class="discord-message-timestamp">${Pt}</time>`,()=>null)}
				${D(this.messageBodyOnly,()=>n`<time
							datetime="${F(Pt)}"
							class=${Ce({"discord-message-timestamp":!0,"discord-message-timestamp-hover":!0,"discord-message-body-only-indent":!this.compactMode})}
						></time>`,()=>null)}
				${D(this.compactMode||this.messageBodyOnly,()=>null,()=>n`<div class="discord-author-avatar">
							<img src="${F(V.avatar)}" alt="${F(V.author)}" />
						</div>`)}

				<div class="discord-message-content">
					${D(this.compactMode||this.messageBodyOnly,()=>null,()=>n`
							<discord-author-info
								author=${V.author??""}
								?bot=${V.bot??!1}
								?server=${V.server??!1}
								?official-app=${V.officialApp??!1}
								?verified=${V.verified??!1}
								?op=${V.op??!1}
								role-color=${V.roleColor??""}
								role-icon=${V.roleIcon??""}
								role-name=${V.roleName??""}
								clan-icon=${V.clanIcon??""}
								clan-tag=${V.clanTag??""}
							></discord-author-info
							><time datetime="${F(Pt)}" class="discord-message-timestamp">${Pt}</time>
						`)}
					<div class="discord-message-body">
						${D(this.compactMode,()=>n`<discord-author-info
									author=${V.author??""}
									?bot=${V.bot??!1}
									?server=${V.server??!1}
									?official-app=${V.officialApp??!1}
									?verified=${V.verified??!1}
									?op=${V.op??!1}
									role-color=${V.roleColor??""}
									role-icon=${V.roleIcon??""}
									role-name=${V.roleName??""}
									clan-icon=${V.clanIcon??""}
									clan-tag=${V.clanTag??""}
								></discord-author-info>`,()=>null)}<span class="discord-message-markup"><slot></slot></span>
						${D(this.edited,()=>n`<span class="discord-message-edited">(edited)</span>`,()=>null)}
					</div>
					<div class="discord-message-compact-indent">
						<slot name="attachments"></slot>
						<slot name="embeds"></slot>
						<slot name="components"></slot>
						<slot name="reactions"></slot>
						<slot name="thread"></slot>
						${D(this.ephemeral,()=>n`
								<div class="discord-message-ephemeral">
									${ws()} Only you can see this •
									<span
										role="button"
										class="discord-message-ephemeral-link"
										@click=${this.dismissMessageClicked}
										@keydown=${this.handleSpaceToDismissMessage}
										>Dismiss message</span
									>
								</div>
							`,()=>null)}
					</div>
				</div>
			</div>
		`}resolveAvatar(C){return C===void 0?Be.default:Be[C]??C??Be.default}constructor(){super(...arguments),Z(this,Ls)}static{Z(e,s)}};return Fs=e})()});function oi(i={}){return n`<svg ${A(i)} aria-hidden="false" width="64" height="64" viewBox="0 0 64 64">${Bo}</svg>`}var Bo,Hs=H(()=>{N();Q();Bo=E`
	<path
		fill="currentColor"
		d="M56 50.6667V13.3333C56 10.4 53.6 8 50.6667 8H13.3333C10.4 8 8 10.4 8 13.3333V50.6667C8 53.6 10.4 56 13.3333 56H50.6667C53.6 56 56 53.6 56 50.6667ZM22.6667 36L29.3333 44.0267L38.6667 32L50.6667 48H13.3333L22.6667 36Z"
	/>
`});function li(i){return n`<svg ${A(i||{})} class="discord-command-icon" aria-hidden="false" width="24" height="24" viewBox="0 0 24 24">
		${Uo}
	</svg>`}var Uo,$s=H(()=>{N();Q();Uo=E`
	<path
		fill="currentColor"
		fill-rule="evenodd"
		clip-rule="evenodd"
		d="M5 3C3.89543 3 3 3.89543 3 5V19C3 20.1046 3.89543 21 5 21H19C20.1046 21 21 20.1046 21 19V5C21 3.89543 20.1046 3 19 3H5ZM16.8995 8.41419L15.4853 6.99998L7 15.4853L8.41421 16.8995L16.8995 8.41419Z"
	/>
`});function ks(i={}){return n`<svg ${A(i)} class="discord-reply-icon" aria-hidden="false" width="12" height="8" viewBox="0 0 12 8">${Po}</svg>`}var Po,cr=H(()=>{N();Q();Po=E`
	<path
		d="M0.809739 3.59646L5.12565 0.468433C5.17446 0.431163 5.23323 0.408043 5.2951 0.401763C5.35698 0.395482 5.41943 0.406298 5.4752 0.432954C5.53096 0.45961 5.57776 0.50101 5.61013 0.552343C5.64251 0.603676 5.65914 0.662833 5.6581 0.722939V2.3707C10.3624 2.3707 11.2539 5.52482 11.3991 7.21174C11.4028 7.27916 11.3848 7.34603 11.3474 7.40312C11.3101 7.46021 11.2554 7.50471 11.1908 7.53049C11.1262 7.55626 11.0549 7.56204 10.9868 7.54703C10.9187 7.53201 10.857 7.49695 10.8104 7.44666C8.72224 5.08977 5.6581 5.63359 5.6581 5.63359V7.28135C5.65831 7.34051 5.64141 7.39856 5.60931 7.44894C5.5772 7.49932 5.53117 7.54004 5.4764 7.5665C5.42163 7.59296 5.3603 7.60411 5.29932 7.59869C5.23834 7.59328 5.18014 7.57151 5.13128 7.53585L0.809739 4.40892C0.744492 4.3616 0.691538 4.30026 0.655067 4.22975C0.618596 4.15925 0.599609 4.08151 0.599609 4.00269C0.599609 3.92386 0.618596 3.84612 0.655067 3.77562C0.691538 3.70511 0.744492 3.64377 0.809739 3.59646Z"
		fill="currentColor"
	/>
`});var ue,se,dr,Cs=H(()=>{Ae();N();pe();Oe();ri();Se();Vt();Je();Ie();Hs();$s();cr();si();ue=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},se=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},dr=(()=>{let i=[ae("discord-reply")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[],O,q=[],B=[],te,fe=[],ve=[],ge,K=[],U=[],re,ze=[],be=[],ye,xe=[],Me=[],we,He=[],$e=[],ke,L=[],k=[],Y,P=[],$=[],ee,et=[],tt=[],it,st=[],at=[],rt,ot=[],lt=[],ht,nt=[],ct=[];var dt=class extends a{static{e=this}static{let I=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g()],z=[g()],o=[g()],_=[g({type:Boolean})],u=[g({type:Boolean})],W=[g({type:Boolean,attribute:"official-app"})],O=[g({type:Boolean})],te=[g({type:Boolean})],ge=[g({type:Boolean})],re=[g({attribute:"role-color"})],ye=[g({type:Boolean})],we=[g({type:Boolean})],ke=[g({type:Boolean})],Y=[g({attribute:"clan-icon"})],ee=[g({attribute:"clan-tag"})],it=[g({type:Boolean,reflect:!0})],rt=[oe({context:de}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],ht=[oe({context:Pe}),g({type:Boolean,reflect:!0,attribute:"compact-mode"})],ue(this,null,l,{kind:"accessor",name:"profile",static:!1,private:!1,access:{has:M=>"profile"in M,get:M=>M.profile,set:(M,R)=>{M.profile=R}},metadata:I},r,c),ue(this,null,z,{kind:"accessor",name:"author",static:!1,private:!1,access:{has:M=>"author"in M,get:M=>M.author,set:(M,R)=>{M.author=R}},metadata:I},f,h),ue(this,null,o,{kind:"accessor",name:"avatar",static:!1,private:!1,access:{has:M=>"avatar"in M,get:M=>M.avatar,set:(M,R)=>{M.avatar=R}},metadata:I},w,b),ue(this,null,_,{kind:"accessor",name:"bot",static:!1,private:!1,access:{has:M=>"bot"in M,get:M=>M.bot,set:(M,R)=>{M.bot=R}},metadata:I},m,d),ue(this,null,u,{kind:"accessor",name:"server",static:!1,private:!1,access:{has:M=>"server"in M,get:M=>M.server,set:(M,R)=>{M.server=R}},metadata:I},S,T),ue(this,null,W,{kind:"accessor",name:"officialApp",static:!1,private:!1,access:{has:M=>"officialApp"in M,get:M=>M.officialApp,set:(M,R)=>{M.officialApp=R}},metadata:I},x,p),ue(this,null,O,{kind:"accessor",name:"op",static:!1,private:!1,access:{has:M=>"op"in M,get:M=>M.op,set:(M,R)=>{M.op=R}},metadata:I},q,B),ue(this,null,te,{kind:"accessor",name:"verified",static:!1,private:!1,access:{has:M=>"verified"in M,get:M=>M.verified,set:(M,R)=>{M.verified=R}},metadata:I},fe,ve),ue(this,null,ge,{kind:"accessor",name:"edited",static:!1,private:!1,access:{has:M=>"edited"in M,get:M=>M.edited,set:(M,R)=>{M.edited=R}},metadata:I},K,U),ue(this,null,re,{kind:"accessor",name:"roleColor",static:!1,private:!1,access:{has:M=>"roleColor"in M,get:M=>M.roleColor,set:(M,R)=>{M.roleColor=R}},metadata:I},ze,be),ue(this,null,ye,{kind:"accessor",name:"command",static:!1,private:!1,access:{has:M=>"command"in M,get:M=>M.command,set:(M,R)=>{M.command=R}},metadata:I},xe,Me),ue(this,null,we,{kind:"accessor",name:"attachment",static:!1,private:!1,access:{has:M=>"attachment"in M,get:M=>M.attachment,set:(M,R)=>{M.attachment=R}},metadata:I},He,$e),ue(this,null,ke,{kind:"accessor",name:"mentions",static:!1,private:!1,access:{has:M=>"mentions"in M,get:M=>M.mentions,set:(M,R)=>{M.mentions=R}},metadata:I},L,k),ue(this,null,Y,{kind:"accessor",name:"clanIcon",static:!1,private:!1,access:{has:M=>"clanIcon"in M,get:M=>M.clanIcon,set:(M,R)=>{M.clanIcon=R}},metadata:I},P,$),ue(this,null,ee,{kind:"accessor",name:"clanTag",static:!1,private:!1,access:{has:M=>"clanTag"in M,get:M=>M.clanTag,set:(M,R)=>{M.clanTag=R}},metadata:I},et,tt),ue(this,null,it,{kind:"accessor",name:"deleted",static:!1,private:!1,access:{has:M=>"deleted"in M,get:M=>M.deleted,set:(M,R)=>{M.deleted=R}},metadata:I},st,at),ue(this,null,rt,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:M=>"lightTheme"in M,get:M=>M.lightTheme,set:(M,R)=>{M.lightTheme=R}},metadata:I},ot,lt),ue(this,null,ht,{kind:"accessor",name:"compactMode",static:!1,private:!1,access:{has:M=>"compactMode"in M,get:M=>M.compactMode,set:(M,R)=>{M.compactMode=R}},metadata:I},nt,ct),ue(null,t={value:e},i,{kind:"class",name:e.name,metadata:I},null,s),dt=e=t.value,I&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:I})}static styles=ie`
		:host {
			color: #b9bbbe;
			display: flex;
			font-size: 0.875rem;
			font-family: 'gg sans', 'Noto Sans', Whitney, 'Helvetica Neue', Helvetica, Roboto, Arial, sans-serif;

			padding-top: 2px;
			margin-left: 56px;
			margin-bottom: 4px;
			align-items: center;
			line-height: 1.125rem;
			position: relative;
			white-space: pre;
			user-select: none;
		}

		:host([light-theme]) {
			color: #4f5660;
		}

		:host([compact-mode]),
		:host([deleted]) {
			margin-left: 62px;
			margin-bottom: 0;
		}

		:host:before {
			content: '';
			display: block;
			position: absolute;
			top: 50%;
			right: 100%;
			bottom: 0;
			left: -36px;
			margin-right: 4px;
			margin-top: -1px;
			margin-left: -1px;
			margin-bottom: -2px;
			border-left: 2px solid #4f545c !important;
			border-bottom: 0 solid #4f545c !important;
			border-right: 0 solid #4f545c !important;
			border-top: 2px solid #4f545c !important;
			border-top-left-radius: 6px;
		}

		:host([light-theme]):before {
			border-color: #747f8d !important;
		}

		.discord-replied-message-avatar,
		.discord-reply-badge {
			-webkit-box-flex: 0;
			-ms-flex: 0 0 auto;
			flex: 0 0 auto;
			width: 16px;
			height: 16px;
			border-radius: 50%;
			user-select: none;
			margin-right: 0.25rem;
		}

		.discord-reply-badge {
			display: flex;
			align-items: center;
			justify-content: center;
			color: #b9bbbe;
			background: #202225;
		}

		:host([light-theme]) .discord-reply-badge {
			color: #4f5660;
			background: #e3e5e8;
		}

		:host .discord-clan-tag {
			background-color: oklab(0.431937 0.00109309 -0.0132537 / 0.8);
			color: #fff;
			font-size: 12px;
			font-weight: 500;
			margin-right: 0.25rem;
			border-radius: 4px;
			line-height: 100%;
			text-transform: uppercase;
			justify-content: space-between;
			display: inline-flex;
			align-items: center;
			padding: 0 0.275rem;
			margin-top: 0.075em;
			height: 1.2rem;
			opacity: 0.55;
			transition: background-color 100ms ease-in-out;
			cursor: pointer;
		}

		:host .discord-clan-tag:hover {
			background-color: oklab(0.431937 0.00109309 -0.0132537 / 0.5);
		}

		:host([light-theme]) .discord-clan-tag {
			opacity: 0.65;
			background-color: hsl(0 calc(1 * 0%) 0.8%/0.09);
			color: #000;
		}

		:host([light-theme]) .discord-clan-tag:hover {
			background-color: hsl(0 calc(1 * 0%) 0.8%/0.03);
		}

		:host .discord-clan-tag svg,
		:host .discord-clan-tag img {
			display: inline-flex;
			align-items: center;
			margin-right: 0.25rem;
			right: 0.25rem;
		}

		:host .discord-clan-tag span {
			display: inline-flex;
			align-items: center;
			user-select: none;
			-webkit-user-select: none;
			line-height: 1rem !important;
		}

		.discord-application-tag {
			background-color: hsl(235, 85.6%, 64.7%);
			color: #fff;
			font-size: 0.625rem;
			margin-right: 0.25rem;
			line-height: 100%;
			text-transform: uppercase;

			/* Use flex layout to ensure both verified icon and "BOT" text are aligned to center */
			display: flex;
			align-items: center;

			/* Styling taken through Inspect Element on Discord client for Windows */
			height: 0.9375rem;
			padding: 0 0.275rem;
			margin-top: 0.075em;
			border-radius: 0.1875rem;
		}

		:host([compact-mode]) .discord-application-tag {
			margin-right: 0.25rem;
		}

		.discord-application-tag .discord-application-tag-verified {
			width: 0.9375rem;
			height: 0.9375rem;
			margin-left: -0.1rem;
		}

		.discord-application-tag.discord-application-tag-op {
			background-color: #c9cdfb;
			color: #4752c4;
			border-radius: 0.4rem;
		}

		.discord-replied-message-username {
			flex-shrink: 0;
			font-size: inherit;
			line-height: inherit;
			margin-right: 0.25rem;
			opacity: 0.64;
			font-weight: 500;
			color: #fff;
		}

		.discord-replied-message-username:hover {
			text-decoration: underline;
			cursor: pointer;
		}

		.discord-replied-message-content {
			color: inherit;
			font-size: inherit;
			line-height: inherit;
			white-space: pre;
			text-overflow: ellipsis;
			user-select: none;
			cursor: pointer;
		}

		.discord-replied-deleted-message-content {
			color: inherit;
			font-size: inherit;
			line-height: inherit;
			white-space: pre;
			text-overflow: ellipsis;
		}

		.discord-message-edited {
			color: #72767d;
			font-size: 10px;
		}

		:host([light-theme]) .discord-message-edited {
			color: #99aab5;
		}

		.discord-replied-message-content:hover {
			color: #fff;
		}

		:host([light-theme]) .discord-replied-message-content:hover {
			color: #000;
		}

		:host .discord-replied-message-content .discord-message-edited {
			margin-left: 0.25rem;
		}

		.discord-replied-message-content-icon {
			-webkit-box-flex: 0;
			-ms-flex: 0 0 auto;
			flex: 0 0 auto;
			width: 20px;
			height: 20px;
			margin-left: 4px;
		}
	`;#e=se(this,r,void 0);get profile(){return this.#e}set profile(I){this.#e=I}#t=(se(this,c),se(this,f,"User"));get author(){return this.#t}set author(I){this.#t=I}#i=(se(this,h),se(this,w,void 0));get avatar(){return this.#i}set avatar(I){this.#i=I}#s=(se(this,b),se(this,m,!1));get bot(){return this.#s}set bot(I){this.#s=I}#a=(se(this,d),se(this,S,!1));get server(){return this.#a}set server(I){this.#a=I}#r=(se(this,T),se(this,x,!1));get officialApp(){return this.#r}set officialApp(I){this.#r=I}#o=(se(this,p),se(this,q,!1));get op(){return this.#o}set op(I){this.#o=I}#l=(se(this,B),se(this,fe,!1));get verified(){return this.#l}set verified(I){this.#l=I}#h=(se(this,ve),se(this,K,!1));get edited(){return this.#h}set edited(I){this.#h=I}#n=(se(this,U),se(this,ze,void 0));get roleColor(){return this.#n}set roleColor(I){this.#n=I}#c=(se(this,be),se(this,xe,!1));get command(){return this.#c}set command(I){this.#c=I}#d=(se(this,Me),se(this,He,!1));get attachment(){return this.#d}set attachment(I){this.#d=I}#m=(se(this,$e),se(this,L,!1));get mentions(){return this.#m}set mentions(I){this.#m=I}#f=(se(this,k),se(this,P,void 0));get clanIcon(){return this.#f}set clanIcon(I){this.#f=I}#v=(se(this,$),se(this,et,void 0));get clanTag(){return this.#v}set clanTag(I){this.#v=I}#p=(se(this,tt),se(this,st,!1));get deleted(){return this.#p}set deleted(I){this.#p=I}#u=(se(this,at),se(this,ot,!1));get lightTheme(){return this.#u}set lightTheme(I){this.#u=I}#g=(se(this,lt),se(this,nt,!1));get compactMode(){return this.#g}set compactMode(I){this.#g=I}resolveAvatar(I){return Be[I]??I??Be.default}render(){let I={author:this.author,bot:this.bot,verified:this.verified,officialApp:this.officialApp,op:this.op,server:this.server,roleColor:this.roleColor,clanIcon:this.clanIcon,clanTag:this.clanTag},M=Reflect.get(wt,this.profile)??{},R={...I,...M,avatar:this.resolveAvatar(M.avatar??this.avatar)},Ze=Gi(R.clanIcon),mt=R.clanTag?.slice(0,4),pt=n`
			${D(R.bot&&!R.server&&!R.officialApp,()=>n`<span class="discord-application-tag">${R.verified?Re():""}App</span>`)}
			${D(R.server&&!R.bot&&!R.officialApp,()=>n`<span class="discord-application-tag">Server</span>`)}
			${D(R.officialApp&&!R.server&&!R.bot,()=>n`<span class="discord-application-tag">${Re()}OFFICIAL</span>`)}
		`;return n`${D(this.compactMode||this.deleted,()=>n`<div class="discord-reply-badge">${ks()}</div>`,()=>n`<img class="discord-replied-message-avatar" src="${F(R.avatar)}" alt="${F(R.author)}" />`)}
		${D(this.deleted,()=>n`<div class="discord-replied-deleted-message-content"><em>Original message was deleted</em></div>`,()=>n`${pt}
					<span class="discord-replied-message-username" style=${Ne({color:R.roleColor})}
						>${D(this.mentions,()=>"@")}${R.author}</span
					>
					${D(R.clanIcon&&R.clanTag&&R.clanTag?.length>0,()=>n`<span class="discord-clan-tag">
								${Ze==="string"?n`<img
											srcset=${F(Ze)}
											alt=${F(mt)}
											width="12"
											height="12"
											draggable="false"
										/>`:Ze}
								<span>${mt}</span>
							</span>`)}
					<!-- display: inline -->
					<div class="discord-replied-message-content"
						><slot></slot>${D(this.edited,()=>n`<span class="discord-message-edited">(edited)</span>`)}</div
					>
					${D(this.command,()=>li({class:"discord-replied-message-content-icon"}),()=>D(this.attachment,()=>oi({class:"discord-replied-message-content-icon"})))}`)}`}constructor(){super(...arguments),se(this,ct)}static{se(e,s)}};return dt=e})()});function Ts(i={}){return n`<svg ${A(i)} class="discord-command-icon" aria-hidden="false" width="6" height="10" viewBox="0 0 6 10" fill="none">
		${Ro}
	</svg>`}var Ro,mr=H(()=>{N();Q();Ro=E`
	<path d="M4.61241 0L6 0.845294L1.38759 10L0 9.15471L4.61241 0Z" fill="currentColor" />
`});function Es(i={}){return n`<svg ${A(i)} class="discord-command-icon-name" aria-hidden="false" width="10" height="10" viewBox="0 0 24 24" fill="none">
		${No}
	</svg>`}var No,fr=H(()=>{N();Q();No=E`
	<path fill="currentColor" d="M2.06 7.61c-.25.95.31 1.92 1.26 2.18l4.3 1.15c.94.25 1.91-.31 2.17-1.26l1.15-4.3c.25-.94-.31-1.91-1.26-2.17l-4.3-1.15c-.94-.25-1.91.31-2.17 1.26l-1.15 4.3ZM12.98 7.87a2 2 0 0 0 1.75 2.95H20a2 2 0 0 0 1.76-2.95l-2.63-4.83a2 2 0 0 0-3.51 0l-2.63 4.83ZM5.86 13.27a.89.89 0 0 1 1.28 0l.75.77a.9.9 0 0 0 .54.26l1.06.12c.5.06.85.52.8 1.02l-.13 1.08c-.02.2.03.42.14.6l.56.92c.27.43.14 1-.28 1.26l-.9.58a.92.92 0 0 0-.37.48l-.36 1.02a.9.9 0 0 1-1.15.57l-1-.36a.89.89 0 0 0-.6 0l-1 .36a.9.9 0 0 1-1.15-.57l-.36-1.02a.92.92 0 0 0-.37-.48l-.9-.58a.93.93 0 0 1-.28-1.26l.56-.93c.11-.17.16-.38.14-.59l-.12-1.08c-.06-.5.3-.96.8-1.02l1.05-.12a.9.9 0 0 0 .54-.26l.75-.77ZM18.52 13.71a1.1 1.1 0 0 0-2.04 0l-.46 1.24c-.19.5-.57.88-1.07 1.07l-1.24.46a1.1 1.1 0 0 0 0 2.04l1.24.46c.5.19.88.57 1.07 1.07l.46 1.24c.35.95 1.7.95 2.04 0l.46-1.24c.19-.5.57-.88 1.07-1.07l1.24-.46a1.1 1.1 0 0 0 0-2.04l-1.24-.46a1.8 1.8 0 0 1-1.07-1.07l-.46-1.24Z">
	</path>
`});function Ki(i={}){return n`<svg ${A(i)} aria-hidden="false" width="18" height="18" viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg">
		${Lo}
	</svg>`}var Lo,vr=H(()=>{N();Q();Lo=E`
	<path fill="currentColor" d="M5.3 9.3a1 1 0 0 1 1.4 0l5.3 5.29 5.3-5.3a1 1 0 1 1 1.4 1.42l-6 6a1 1 0 0 1-1.4 0l-6-6a1 1 0 0 1 0-1.42Z"></path>
`});function As(i={}){return n`<svg ${A(i)} aria-hidden="false" width="16" height="16" viewBox="0 0 24 24" fill="none">${Fo}</svg>`}var Fo,pr=H(()=>{N();Q();Fo=E`
	<path fill="color-mix( in oklab, hsl(215 calc(1 * 8.8%) 73.3% / 1) 100%, black 0%" d="M12 22a10 10 0 1 0-8.45-4.64c.13.19.11.44-.04.61l-2.06 2.37A1 1 0 0 0 2.2 22H12Z" class="">
    </path>
`});var me,X,a4,ur=H(()=>{Ae();N();pe();Oe();ri();Se();Vt();Ie();Cs();Hs();mr();fr();$s();vr();pr();si();me=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},X=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},a4=(()=>{let i=[ae("discord-command")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[],O,q=[],B=[],te,fe=[],ve=[],ge,K=[],U=[],re,ze=[],be=[],ye,xe=[],Me=[],we,He=[],$e=[],ke,L=[],k=[],Y,P=[],$=[],ee,et=[],tt=[],it,st=[],at=[],rt,ot=[],lt=[],ht,nt=[],ct=[],dt,I=[],M=[],R,Ze=[],mt=[];var pt=class extends a{static{e=this}static{let j=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g({attribute:"profile"})],z=[g({attribute:"author"})],o=[g({attribute:"avatar"})],_=[g({attribute:"role-color"})],u=[g({attribute:"command"})],W=[g({attribute:"type"})],O=[g({attribute:"context-user-profile"})],te=[g({attribute:"context-user-name"})],ge=[g({attribute:"context-user-image"})],re=[g({attribute:"context-user-role-color"})],ye=[g({type:Boolean,attribute:"context-user-bot"})],we=[g({type:Boolean,attribute:"context-user-bot-verified"})],ke=[g({type:Boolean,attribute:"context-command-reply"})],Y=[g({type:Boolean,attribute:"context-attachment-reply"})],ee=[g({type:String,attribute:"context-message-reply"})],it=[g({type:Boolean,attribute:"context-message-deleted"})],rt=[g({type:Boolean,attribute:"context-user-application-official"})],ht=[g({type:Boolean,attribute:"context-user-server"})],dt=[oe({context:Pe}),g({type:Boolean,reflect:!0,attribute:"compact-mode"})],R=[oe({context:de}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],me(this,null,l,{kind:"accessor",name:"profile",static:!1,private:!1,access:{has:y=>"profile"in y,get:y=>y.profile,set:(y,G)=>{y.profile=G}},metadata:j},r,c),me(this,null,z,{kind:"accessor",name:"author",static:!1,private:!1,access:{has:y=>"author"in y,get:y=>y.author,set:(y,G)=>{y.author=G}},metadata:j},f,h),me(this,null,o,{kind:"accessor",name:"avatar",static:!1,private:!1,access:{has:y=>"avatar"in y,get:y=>y.avatar,set:(y,G)=>{y.avatar=G}},metadata:j},w,b),me(this,null,_,{kind:"accessor",name:"roleColor",static:!1,private:!1,access:{has:y=>"roleColor"in y,get:y=>y.roleColor,set:(y,G)=>{y.roleColor=G}},metadata:j},m,d),me(this,null,u,{kind:"accessor",name:"command",static:!1,private:!1,access:{has:y=>"command"in y,get:y=>y.command,set:(y,G)=>{y.command=G}},metadata:j},S,T),me(this,null,W,{kind:"accessor",name:"type",static:!1,private:!1,access:{has:y=>"type"in y,get:y=>y.type,set:(y,G)=>{y.type=G}},metadata:j},x,p),me(this,null,O,{kind:"accessor",name:"contextUserProfile",static:!1,private:!1,access:{has:y=>"contextUserProfile"in y,get:y=>y.contextUserProfile,set:(y,G)=>{y.contextUserProfile=G}},metadata:j},q,B),me(this,null,te,{kind:"accessor",name:"contextUserName",static:!1,private:!1,access:{has:y=>"contextUserName"in y,get:y=>y.contextUserName,set:(y,G)=>{y.contextUserName=G}},metadata:j},fe,ve),me(this,null,ge,{kind:"accessor",name:"contextUserAvatar",static:!1,private:!1,access:{has:y=>"contextUserAvatar"in y,get:y=>y.contextUserAvatar,set:(y,G)=>{y.contextUserAvatar=G}},metadata:j},K,U),me(this,null,re,{kind:"accessor",name:"contextUserRoleColor",static:!1,private:!1,access:{has:y=>"contextUserRoleColor"in y,get:y=>y.contextUserRoleColor,set:(y,G)=>{y.contextUserRoleColor=G}},metadata:j},ze,be),me(this,null,ye,{kind:"accessor",name:"contextUserBot",static:!1,private:!1,access:{has:y=>"contextUserBot"in y,get:y=>y.contextUserBot,set:(y,G)=>{y.contextUserBot=G}},metadata:j},xe,Me),me(this,null,we,{kind:"accessor",name:"contextUserBotVerified",static:!1,private:!1,access:{has:y=>"contextUserBotVerified"in y,get:y=>y.contextUserBotVerified,set:(y,G)=>{y.contextUserBotVerified=G}},metadata:j},He,$e),me(this,null,ke,{kind:"accessor",name:"contextCommandReply",static:!1,private:!1,access:{has:y=>"contextCommandReply"in y,get:y=>y.contextCommandReply,set:(y,G)=>{y.contextCommandReply=G}},metadata:j},L,k),me(this,null,Y,{kind:"accessor",name:"contextAttachmentReply",static:!1,private:!1,access:{has:y=>"contextAttachmentReply"in y,get:y=>y.contextAttachmentReply,set:(y,G)=>{y.contextAttachmentReply=G}},metadata:j},P,$),me(this,null,ee,{kind:"accessor",name:"contextMessageReply",static:!1,private:!1,access:{has:y=>"contextMessageReply"in y,get:y=>y.contextMessageReply,set:(y,G)=>{y.contextMessageReply=G}},metadata:j},et,tt),me(this,null,it,{kind:"accessor",name:"contextMessageDeleted",static:!1,private:!1,access:{has:y=>"contextMessageDeleted"in y,get:y=>y.contextMessageDeleted,set:(y,G)=>{y.contextMessageDeleted=G}},metadata:j},st,at),me(this,null,rt,{kind:"accessor",name:"contextUserOfficialApplication",static:!1,private:!1,access:{has:y=>"contextUserOfficialApplication"in y,get:y=>y.contextUserOfficialApplication,set:(y,G)=>{y.contextUserOfficialApplication=G}},metadata:j},ot,lt),me(this,null,ht,{kind:"accessor",name:"contextUserServer",static:!1,private:!1,access:{has:y=>"contextUserServer"in y,get:y=>y.contextUserServer,set:(y,G)=>{y.contextUserServer=G}},metadata:j},nt,ct),me(this,null,dt,{kind:"accessor",name:"compactMode",static:!1,private:!1,access:{has:y=>"compactMode"in y,get:y=>y.compactMode,set:(y,G)=>{y.compactMode=G}},metadata:j},I,M),me(this,null,R,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:y=>"lightTheme"in y,get:y=>y.lightTheme,set:(y,G)=>{y.lightTheme=G}},metadata:j},Ze,mt),me(null,t={value:e},i,{kind:"class",name:e.name,metadata:j},null,s),pt=e=t.value,j&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:j})}static styles=[dr.styles,ie`
			:host .discord-slash-command-name {
				color: color-mix(in oklab, hsl(200 calc(1 * 100%) 49.4% / 1) 100%, black 0%) !important;
				font-weight: 500;
				background-color: #3c4270;
				border-radius: 3px;
				display: flex;
				padding: 0 5px;
				align-items: center;
				gap: 2px;
				cursor: default;
			}

			:host .discord-slash-command-name:hover {
				color: #fffffd !important;
				background-color: #5865f2;
			}

			.discord-context-command-name {
				color: color-mix(in oklab, hsl(200 calc(1 * 100%) 49.4% / 1) 100%, black 0%) !important;
				opacity: 0.64;
				cursor: default;
				font-weight: 500;
			}

			.discord-arrow-right-icon {
				transform: rotate(267deg);
				width: 12px;
				height: 12px;
				fill: none;
				margin-right: 2px;
				margin-left: 2px;
				margin-top: 3px;
			}

			.discord-context-user {
				display: flex;
				align-items: center;
				margin-top: 3px;
			}

			.discord-message-margintop {
				margin-top: 3px;
			}

			:host .discord-message-deleted {
				color: rgb(185, 187, 190) !important;
				cursor: default;
			}

			:host .discord-replied-message-username {
				margin-right: 0;
			}

			:host([light-theme]) .discord-replied-message-username {
				color: rgb(46, 51, 56);
			}

			:host([compact-mode]) .discord-context-user {
				display: flex;
				align-items: center;
				margin: 0 !important;
			}

			:host([compact-mode]) .discord-message-margintop {
				margin-top: 0 !important;
			}
		`];#e=X(this,r,void 0);get profile(){return this.#e}set profile(j){this.#e=j}#t=(X(this,c),X(this,f,"User"));get author(){return this.#t}set author(j){this.#t=j}#i=(X(this,h),X(this,w,void 0));get avatar(){return this.#i}set avatar(j){this.#i=j}#s=(X(this,b),X(this,m,void 0));get roleColor(){return this.#s}set roleColor(j){this.#s=j}#a=(X(this,d),X(this,S,void 0));get command(){return this.#a}set command(j){this.#a=j}#r=(X(this,T),X(this,x,"slash_command"));get type(){return this.#r}set type(j){this.#r=j}#o=(X(this,p),X(this,q,void 0));get contextUserProfile(){return this.#o}set contextUserProfile(j){this.#o=j}#l=(X(this,B),X(this,fe,"User"));get contextUserName(){return this.#l}set contextUserName(j){this.#l=j}#h=(X(this,ve),X(this,K,void 0));get contextUserAvatar(){return this.#h}set contextUserAvatar(j){this.#h=j}#n=(X(this,U),X(this,ze,void 0));get contextUserRoleColor(){return this.#n}set contextUserRoleColor(j){this.#n=j}#c=(X(this,be),X(this,xe,!1));get contextUserBot(){return this.#c}set contextUserBot(j){this.#c=j}#d=(X(this,Me),X(this,He,!1));get contextUserBotVerified(){return this.#d}set contextUserBotVerified(j){this.#d=j}#m=(X(this,$e),X(this,L,!1));get contextCommandReply(){return this.#m}set contextCommandReply(j){this.#m=j}#f=(X(this,k),X(this,P,!1));get contextAttachmentReply(){return this.#f}set contextAttachmentReply(j){this.#f=j}#v=(X(this,$),X(this,et,void 0));get contextMessageReply(){return this.#v}set contextMessageReply(j){this.#v=j}#p=(X(this,tt),X(this,st,!1));get contextMessageDeleted(){return this.#p}set contextMessageDeleted(j){this.#p=j}#u=(X(this,at),X(this,ot,!1));get contextUserOfficialApplication(){return this.#u}set contextUserOfficialApplication(j){this.#u=j}#g=(X(this,lt),X(this,nt,!1));get contextUserServer(){return this.#g}set contextUserServer(j){this.#g=j}#_=(X(this,ct),X(this,I,!1));get compactMode(){return this.#_}set compactMode(j){this.#_=j}#z=(X(this,M),X(this,Ze,!1));get lightTheme(){return this.#z}set lightTheme(j){this.#z=j}validCommandTypes=(X(this,mt),new Set(["user_command","message_command","slash_command"]));checkType(){if(this.type){if(typeof this.type!="string")throw new TypeError("DiscordCommand `type` prop must be a string.");if(!this.validCommandTypes.has(this.type))throw new RangeError("DiscordCommand `type` prop must be one of: 'uer_command', 'message_command' or 'slash_command'")}}resolveAvatar(j){return Be[j]??j??Be.default}render(){this.checkType();let j={author:this.author,bot:!1,verified:!1,server:!1,roleColor:this.roleColor},y=Reflect.get(wt,this.profile)??{},G={...j,...y,avatar:this.resolveAvatar(y.avatar??this.avatar)},ci={author:this.contextUserName,bot:this.contextUserBot,verified:this.contextUserBotVerified,server:!1,roleColor:this.contextUserRoleColor},Ut=Reflect.get(wt,this.contextUserProfile)??{},Ee={...ci,...Ut,avatar:this.resolveAvatar(Ut.avatar??this.contextUserAvatar)},di=this.contextMessageDeleted?n`<em class="discord-message-deleted">Original message was deleted</em>`:this.contextMessageReply;return n`
			${D(this.compactMode,()=>n`<div class="discord-reply-badge">${Ts()}</div>`,()=>n`<img class="discord-replied-message-avatar" src="${F(G.avatar)}" alt="${F(G.author)}" />`)}
			<span class="discord-replied-message-username" style=${Ne({color:G.roleColor??""})}>${G.author}</span>
			<span> used </span>
			${D(this.type==="slash_command",()=>n`<div class="discord-replied-message-content discord-slash-command-name">
						${Es()}<span>${this.command}</span>
					</div>`)}
			${D(this.type==="user_command",()=>n`<div class="discord-replied-message-content discord-context-command-name"><span>${this.command}</span></div>
						${Ki({class:"discord-arrow-right-icon"})}
						<div class="discord-context-user">
							${D(!this.compactMode,()=>n`<img
										class="discord-replied-message-avatar"
										src="${F(Ee.avatar)}"
										alt="${F(Ee.author)}"
									/>`)}
							<span class="discord-replied-message-username" style=${Ne({color:Ee.roleColor??""})}
								>${Ee.author}</span
							>
						</div>`)}
			${D(this.type==="message_command",()=>n`<div class="discord-replied-message-content discord-context-command-name"><span>${this.command}</span></div>
						${Ki({class:"discord-arrow-right-icon"})}
						${D(!this.contextMessageDeleted,()=>n`<div class="discord-context-user">
									${D(!this.compactMode,()=>D(!this.contextUserOfficialApplication,()=>n`<img
													class="discord-replied-message-avatar"
													src="${F(Ee.avatar)}"
													alt="${F(Ee.author)}"
												/>`,()=>n`<img
													class="discord-replied-message-avatar"
													src="${F(Be.blue)}"
													alt="OFFICIALAPPLICATION"
												/>`))}
									${D(Ee.bot,()=>n`<span class="discord-application-tag">${Ee.verified?Re():""}App</span>`,()=>D(this.contextUserServer,()=>n`<span class="discord-application-tag">SERVER</span>`,()=>D(this.contextUserOfficialApplication,()=>n`<span class="discord-application-tag">${Re()}OFFICIAL</span>`)))}
									<span class="discord-replied-message-username" style=${Ne({color:Ee.roleColor??""})}
										>${Ee.author}</span
									><span></span>
								</div>`,()=>D(this.contextMessageDeleted,()=>As({class:"discord-message-margintop",style:"margin-right: 3px;"})))}
						<div class="discord-replied-message-content discord-message-margintop">${di}</div>
						${D(this.contextCommandReply&&!this.contextMessageDeleted,()=>li({class:"discord-replied-message-content-icon discord-message-margintop"}),()=>D(this.contextAttachmentReply,()=>oi({class:"discord-replied-message-content-icon discord-message-margintop"})))} `)}
		`}static{X(e,s)}};return pt=e})()});var Dt,Le,m4,Vs=H(()=>{N();pe();xt();Oe();Je();Dt=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Le=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},m4=(()=>{let i=[ae("discord-custom-emoji")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[];var W=class extends a{static{e=this}static{let x=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g()],z=[g()],o=[g({attribute:!1})],_=[g({type:Boolean,attribute:"embed-emoji"})],u=[g({type:Boolean,attribute:"jumbo"})],Dt(this,null,l,{kind:"accessor",name:"name",static:!1,private:!1,access:{has:p=>"name"in p,get:p=>p.name,set:(p,O)=>{p.name=O}},metadata:x},r,c),Dt(this,null,z,{kind:"accessor",name:"url",static:!1,private:!1,access:{has:p=>"url"in p,get:p=>p.url,set:(p,O)=>{p.url=O}},metadata:x},f,h),Dt(this,null,o,{kind:"accessor",name:"customEmojisMap",static:!1,private:!1,access:{has:p=>"customEmojisMap"in p,get:p=>p.customEmojisMap,set:(p,O)=>{p.customEmojisMap=O}},metadata:x},w,b),Dt(this,null,_,{kind:"accessor",name:"embedEmoji",static:!1,private:!1,access:{has:p=>"embedEmoji"in p,get:p=>p.embedEmoji,set:(p,O)=>{p.embedEmoji=O}},metadata:x},m,d),Dt(this,null,u,{kind:"accessor",name:"jumbo",static:!1,private:!1,access:{has:p=>"jumbo"in p,get:p=>p.jumbo,set:(p,O)=>{p.jumbo=O}},metadata:x},S,T),Dt(null,t={value:e},i,{kind:"class",name:e.name,metadata:x},null,s),W=e=t.value,x&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:x})}static styles=ie`
		.discord-custom-emoji {
			display: inline-block;
			cursor: pointer;
		}

		.discord-custom-emoji .discord-custom-emoji-image {
			object-fit: contain;
			width: 1.375rem;
			height: 1.375rem;
			vertical-align: bottom;
		}

		.discord-custom-emoji .discord-custom-jumbo-emoji-image {
			width: 3rem;
			height: 3rem;
			min-height: 3rem;
		}

		.discord-embed-custom-emoji {
			display: inline-block;
		}

		.discord-embed-custom-emoji .discord-embed-custom-emoji-image {
			width: 18px;
			height: 18px;
			vertical-align: bottom;
		}
	`;#e=Le(this,r,void 0);get name(){return this.#e}set name(x){this.#e=x}#t=(Le(this,c),Le(this,f,void 0));get url(){return this.#t}set url(x){this.#t=x}#i=(Le(this,h),Le(this,w,{}));get customEmojisMap(){return this.#i}set customEmojisMap(x){this.#i=x}#s=(Le(this,b),Le(this,m,void 0));get embedEmoji(){return this.#s}set embedEmoji(x){this.#s=x}#a=(Le(this,d),Le(this,S,void 0));get jumbo(){return this.#a}set jumbo(x){this.#a=x}willUpdate(){if(!this.url&&this.name){let x=St(this.name)??this.customEmojisMap[this.name];x&&(this.url??=x.url??"",this.embedEmoji??=x.embedEmoji??!1)}}render(){let x=`:${this.name}:`;return n`<span
			class=${Ce({"discord-embed-custom-emoji":this.embedEmoji,"discord-custom-emoji":!this.embedEmoji})}
			><img
				aria-label=${x}
				src=${F(this.url)}
				alt=${x}
				draggable="false"
				class=${Ce({"discord-embed-custom-emoji-image":this.embedEmoji,"discord-custom-emoji-image":!this.embedEmoji,"discord-custom-jumbo-emoji-image":this.jumbo})}
		/></span> `}constructor(){super(...arguments),Le(this,T)}static{Le(e,s)}};return W=e})()});var Ve,ne,H4,gr=H(()=>{Ae();N();pe();xt();Oe();ri();Se();Je();Vs();Ie();Ve=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},ne=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},H4=(()=>{let i=[ae("discord-embed")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[],O,q=[],B=[],te,fe=[],ve=[],ge,K=[],U=[],re,ze=[],be=[],ye,xe=[],Me=[],we,He=[],$e=[];var ke=class extends a{static{e=this}static{let L=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g()],z=[g({attribute:"author-name"})],o=[g({attribute:"author-image"})],_=[g({attribute:"author-url"})],u=[g({attribute:"embed-title"})],W=[g({attribute:!1})],O=[g()],te=[g()],ge=[g()],re=[g()],ye=[g()],we=[oe({context:de,subscribe:!0}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],Ve(this,null,l,{kind:"accessor",name:"color",static:!1,private:!1,access:{has:k=>"color"in k,get:k=>k.color,set:(k,Y)=>{k.color=Y}},metadata:L},r,c),Ve(this,null,z,{kind:"accessor",name:"authorName",static:!1,private:!1,access:{has:k=>"authorName"in k,get:k=>k.authorName,set:(k,Y)=>{k.authorName=Y}},metadata:L},f,h),Ve(this,null,o,{kind:"accessor",name:"authorImage",static:!1,private:!1,access:{has:k=>"authorImage"in k,get:k=>k.authorImage,set:(k,Y)=>{k.authorImage=Y}},metadata:L},w,b),Ve(this,null,_,{kind:"accessor",name:"authorUrl",static:!1,private:!1,access:{has:k=>"authorUrl"in k,get:k=>k.authorUrl,set:(k,Y)=>{k.authorUrl=Y}},metadata:L},m,d),Ve(this,null,u,{kind:"accessor",name:"embedTitle",static:!1,private:!1,access:{has:k=>"embedTitle"in k,get:k=>k.embedTitle,set:(k,Y)=>{k.embedTitle=Y}},metadata:L},S,T),Ve(this,null,W,{kind:"accessor",name:"embedEmojisMap",static:!1,private:!1,access:{has:k=>"embedEmojisMap"in k,get:k=>k.embedEmojisMap,set:(k,Y)=>{k.embedEmojisMap=Y}},metadata:L},x,p),Ve(this,null,O,{kind:"accessor",name:"url",static:!1,private:!1,access:{has:k=>"url"in k,get:k=>k.url,set:(k,Y)=>{k.url=Y}},metadata:L},q,B),Ve(this,null,te,{kind:"accessor",name:"thumbnail",static:!1,private:!1,access:{has:k=>"thumbnail"in k,get:k=>k.thumbnail,set:(k,Y)=>{k.thumbnail=Y}},metadata:L},fe,ve),Ve(this,null,ge,{kind:"accessor",name:"image",static:!1,private:!1,access:{has:k=>"image"in k,get:k=>k.image,set:(k,Y)=>{k.image=Y}},metadata:L},K,U),Ve(this,null,re,{kind:"accessor",name:"video",static:!1,private:!1,access:{has:k=>"video"in k,get:k=>k.video,set:(k,Y)=>{k.video=Y}},metadata:L},ze,be),Ve(this,null,ye,{kind:"accessor",name:"provider",static:!1,private:!1,access:{has:k=>"provider"in k,get:k=>k.provider,set:(k,Y)=>{k.provider=Y}},metadata:L},xe,Me),Ve(this,null,we,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:k=>"lightTheme"in k,get:k=>k.lightTheme,set:(k,Y)=>{k.lightTheme=Y}},metadata:L},He,$e),Ve(null,t={value:e},i,{kind:"class",name:e.name,metadata:L},null,s),ke=e=t.value,L&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:L})}static styles=ie`
		:host {
			color: #dcddde;
			display: flex;
			font-size: 13px;
			line-height: 150%;
			margin-bottom: 8px;
			margin-top: 8px;
		}

		:host([light-theme]) {
			color: #2e3338;
		}

		:host .discord-left-border {
			background-color: #202225;
			border-radius: 4px 0 0 4px;
			flex-shrink: 0;
			width: 4px;
		}

		:host([light-theme]) .discord-left-border {
			background-color: #e3e5e8;
		}

		:host .discord-embed-root {
			display: grid;
			grid-auto-flow: row;
			grid-row-gap: 0.25rem;
			min-height: 0;
			min-width: 0;
			text-indent: 0;
		}

		:host .discord-embed-wrapper {
			background-color: #2f3136;
			max-width: 520px;
			border: 1px solid rgba(46, 48, 54, 0.6);
			border-radius: 0 4px 4px 0;
			justify-self: start;
			align-self: start;
			display: grid;
			box-sizing: border-box;
		}

		:host([light-theme]) .discord-embed-wrapper {
			background-color: rgb(242, 243, 245);
			border-color: rgba(205, 205, 205, 0.3);
		}

		:host .discord-embed-wrapper .discord-embed-grid {
			display: inline-grid;
			grid-template-columns: auto -webkit-min-content;
			grid-template-columns: auto min-content;
			grid-template-columns: auto;
			grid-template-rows: auto;
			padding: 0.5rem 1rem 1rem 0.75rem;
		}

		:host .discord-embed-thumbnail {
			border-radius: 4px;
			flex-shrink: 0;
			grid-column: 2/2;
			grid-row: 1/8;
			justify-self: end;
			margin-left: 16px;
			margin-top: 8px;
			max-height: 80px;
			max-width: 80px;
			object-fit: contain;
			object-position: top center;
		}

		:host .discord-embed-author {
			-webkit-box-align: center;
			align-items: center;
			color: #fff;
			font-size: 14px;
			display: flex;
			font-weight: 600;
			grid-column: 1 / 1;
			margin-top: 8px;
			min-width: 0;
		}

		:host([light-theme]) .discord-embed-author {
			color: #060607;
		}

		:host .discord-embed-author a {
			color: #fff;
			font-weight: 600;
			text-decoration: none;
		}

		:host .discord-embed-author a:hover {
			text-decoration: underline;
		}

		:host([light-theme]) .discord-embed-author a {
			color: #060607;
		}

		:host .discord-embed-author .discord-author-image {
			border-radius: 50%;
			height: 24px;
			margin-right: 8px;
			width: 24px;
		}

		:host .discord-embed-author-block,
		:host .discord-embed-author-block > span {
			max-width: 95%;
		}

		:host .discord-embed-provider {
			font-size: 0.75rem;
			line-height: 1rem;
			font-weight: 400;
			grid-column: 1/1;
			margin-top: 8px;
			unicode-bidi: plaintext;
			text-align: left;
		}

		:host([light-theme]) .discord-embed-provider {
			color: #4f545c;
		}

		:host .discord-embed-title {
			-webkit-box-align: center;
			align-items: center;
			color: #fff;
			display: inline-block;
			font-size: 1rem;
			font-weight: 600;
			grid-column: 1 / 1;
			margin-top: 8px;
			min-width: 0;
		}

		:host([light-theme]) .discord-embed-title {
			color: #060607;
		}

		:host .discord-embed-title a {
			color: #00aff4;
			font-weight: 600;
			text-decoration: none;
		}

		:host .discord-embed-title a:hover {
			text-decoration: underline;
		}

		:host .discord-embed-image {
			border-radius: 4px;
			max-width: 300px;
			max-height: 300px;
		}

		:host .discord-embed-media {
			border-radius: 4px;
			contain: paint;
			display: block;
			grid-column: 1/1;
			margin-top: 16px;
		}

		:host .discord-embed-media.discord-embed-media-video {
			height: 225px;
		}

		:host .discord-embed.media .discord-embed-image {
			overflow: hidden;
			position: relative;
			user-select: text;
		}

		:host .discord-embed-media .discord-embed-video {
			-webkit-box-align: center;
			-webkit-box-pack: center;
			align-items: center;
			border-radius: 0;
			cursor: pointer;
			display: flex;
			height: 100%;
			justify-content: center;
			max-height: 100%;
			width: 100%;

			width: 400px;
			height: 225px;
			left: 0px;
			top: 0px;
		}

		.discord-embed-custom-emoji {
			display: inline-block;
		}

		.discord-embed-custom-emoji .discord-embed-custom-emoji-image {
			width: 18px;
			height: 18px;
			vertical-align: bottom;
		}

		slot[name='footer']::slotted(*) {
			grid-column: 1/3;
			grid-row: auto/auto;
		}
	`;#e=ne(this,r,void 0);get color(){return this.#e}set color(L){this.#e=L}#t=(ne(this,c),ne(this,f,void 0));get authorName(){return this.#t}set authorName(L){this.#t=L}#i=(ne(this,h),ne(this,w,void 0));get authorImage(){return this.#i}set authorImage(L){this.#i=L}#s=(ne(this,b),ne(this,m,void 0));get authorUrl(){return this.#s}set authorUrl(L){this.#s=L}#a=(ne(this,d),ne(this,S,void 0));get embedTitle(){return this.#a}set embedTitle(L){this.#a=L}#r=(ne(this,T),ne(this,x,{}));get embedEmojisMap(){return this.#r}set embedEmojisMap(L){this.#r=L}#o=(ne(this,p),ne(this,q,void 0));get url(){return this.#o}set url(L){this.#o=L}#l=(ne(this,B),ne(this,fe,void 0));get thumbnail(){return this.#l}set thumbnail(L){this.#l=L}#h=(ne(this,ve),ne(this,K,void 0));get image(){return this.#h}set image(L){this.#h=L}#n=(ne(this,U),ne(this,ze,void 0));get video(){return this.#n}set video(L){this.#n=L}#c=(ne(this,be),ne(this,xe,void 0));get provider(){return this.#c}set provider(L){this.#c=L}#d=(ne(this,Me),ne(this,He,!1));get lightTheme(){return this.#d}set lightTheme(L){this.#d=L}render(){let L=this.parseTitle(this.authorName),k=this.parseTitle(this.embedTitle);return n`<div style=${Ne({"background-color":this.color})} class="discord-left-border"></div>
			<div class="discord-embed-root">
				<div class="discord-embed-wrapper">
					<div class="discord-embed-grid">
						${D(this.provider,()=>n`<div class="discord-embed-provider">${this.provider}</div>`)}
						${D(L,()=>n`<div class="discord-embed-author">
									${D(this.authorImage,()=>n`<img src=${F(this.authorImage)} alt="" class="discord-author-image" />`)}
									${D(this.authorUrl,()=>n`<a
												href=${F(this.authorUrl)}
												target="_blank"
												rel="noopener noreferrer"
												class="discord-embed-author-block"
											>
												<span class="discord-embed-author-block">${L}</span>
											</a>`,()=>n`<span class="discord-embed-author-block">${L}</span>`)}
								</div>`)}
						${D(k,()=>n`<div class="discord-embed-title">
									${this.url?n`<a href="${this.url}" target="_blank" rel="noopener noreferrer"> ${k} </a>`:n`${k}`}
								</div>`)}
						<slot name="description"></slot>
						<slot name="fields"></slot>
						${D(this.image||this.video,()=>n`<div class=${Ce({"discord-embed-media":!0,"discord-embed-media-video":!!this.video})}>
									${this.renderMedia()}
								</div>`)}
						${D(this.thumbnail,()=>n`<img src=${F(this.thumbnail)} alt="" class="discord-embed-thumbnail" />`)}
						<slot name="footer"></slot>
					</div>
				</div>
			</div>`}renderMedia(){return this.video?n`
				<video
					controls
					muted
					preload="none"
					poster=${F(this.image)}
					src=${F(this.video)}
					height="225"
					width="400"
					class="discord-embed-video"
				>
					<img src=${F(this.image)} alt="Discord embed media" class="discord-embed-image" />
				</video>
			`:this.image?n`<img src=${F(this.image)} alt="Discord embed media" class="discord-embed-image" />`:null}parseTitle(L){if(!L)return null;let k=[],Y="";for(let P of L.split(`
`)){for(let $ of P.split(" ")){let ee=St($)??this.embedEmojisMap[$]??{};ee.name?k.push(n`<discord-custom-emoji name=${ee.name} url=${F(ee.url)} embed-emoji></discord-custom-emoji>`):Y+=`${$} `,Y===" "&&k.push(n`<br />`)}k.push(Y),Y=""}return k.map(P=>typeof P=="string"?n`<span>${P}</span>`:P)}constructor(){super(...arguments),ne(this,$e)}static{ne(e,s)}};return ke=e})()});var qo,Zo,E4,_r=H(()=>{N();pe();qo=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Zo=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},E4=(()=>{let i=[ae("discord-embed-description")],t,s=[],e,a=J;var l=class extends a{static{e=this}static{let r=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;qo(null,t={value:e},i,{kind:"class",name:e.name,metadata:r},null,s),l=e=t.value,r&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:r})}static styles=ie`
		:host {
			font-size: 0.875rem;
			font-weight: 400;
			grid-column: 1/1;
			line-height: 1.125rem;
			margin-top: 8px;
			min-width: 0;
		}
	`;render(){return n`<slot></slot>`}static{Zo(e,s)}};return l=e})()});var Wo,Go,I4,zr=H(()=>{N();pe();Wo=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Go=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},I4=(()=>{let i=[ae("discord-embed-fields")],t,s=[],e,a=J;var l=class extends a{static{e=this}static{let r=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;Wo(null,t={value:e},i,{kind:"class",name:e.name,metadata:r},null,s),l=e=t.value,r&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:r})}static styles=ie`
		:host {
			display: grid;
			grid-column: 1/1;
			margin-top: 8px;
			grid-gap: 8px;
		}

		::slotted([inline-index='1']) {
			grid-column: 1/5 !important;
		}

		::slotted([inline-index='2']) {
			grid-column: 5/9 !important;
		}

		::slotted([inline-index='3']) {
			grid-column: 9/13 !important;
		}
	`;render(){return n`<slot></slot>`}static{Go(e,s)}};return l=e})()});var Ot,Fe,Z4,br=H(()=>{Ae();N();pe();Oe();Se();Je();Vs();Ie();Ot=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Fe=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},Z4=(()=>{let i=[ae("discord-embed-field")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[];var W=class extends a{static{e=this}static{let x=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g({reflect:!0,attribute:"field-title"})],z=[g({attribute:!1})],o=[g({type:Boolean,reflect:!0,attribute:"inline"})],_=[g({type:Number,reflect:!0,attribute:"inline-index"})],u=[oe({context:de,subscribe:!0}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],Ot(this,null,l,{kind:"accessor",name:"fieldTitle",static:!1,private:!1,access:{has:p=>"fieldTitle"in p,get:p=>p.fieldTitle,set:(p,O)=>{p.fieldTitle=O}},metadata:x},r,c),Ot(this,null,z,{kind:"accessor",name:"embedFieldEmojisMap",static:!1,private:!1,access:{has:p=>"embedFieldEmojisMap"in p,get:p=>p.embedFieldEmojisMap,set:(p,O)=>{p.embedFieldEmojisMap=O}},metadata:x},f,h),Ot(this,null,o,{kind:"accessor",name:"inline",static:!1,private:!1,access:{has:p=>"inline"in p,get:p=>p.inline,set:(p,O)=>{p.inline=O}},metadata:x},w,b),Ot(this,null,_,{kind:"accessor",name:"inlineIndex",static:!1,private:!1,access:{has:p=>"inlineIndex"in p,get:p=>p.inlineIndex,set:(p,O)=>{p.inlineIndex=O}},metadata:x},m,d),Ot(this,null,u,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:p=>"lightTheme"in p,get:p=>p.lightTheme,set:(p,O)=>{p.lightTheme=O}},metadata:x},S,T),Ot(null,t={value:e},i,{kind:"class",name:e.name,metadata:x},null,s),W=e=t.value,x&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:x})}static styles=ie`
		:host {
			font-size: 0.875rem;
			line-height: 1.125rem;
			min-width: 0;
			font-weight: 400;
			grid-column: 1/13;
			word-break: break-word;
		}

		:host .discord-field-title {
			color: #ffffff;
			font-weight: 600;
			font-size: 0.875rem;
			line-height: 1.125rem;
			min-width: 0;
			margin-bottom: 2px;
		}

		:host .discord-inline-field {
			flex-grow: 1;
			flex-basis: auto;
			min-width: 150px;
		}

		:host([light-theme]) .discord-field-title {
			color: #313338;
		}
	`;#e=Fe(this,r,void 0);get fieldTitle(){return this.#e}set fieldTitle(x){this.#e=x}#t=(Fe(this,c),Fe(this,f,{}));get embedFieldEmojisMap(){return this.#t}set embedFieldEmojisMap(x){this.#t=x}#i=(Fe(this,h),Fe(this,w,!1));get inline(){return this.#i}set inline(x){this.#i=x}#s=(Fe(this,b),Fe(this,m,void 0));get inlineIndex(){return this.#s}set inlineIndex(x){this.#s=x}#a=(Fe(this,d),Fe(this,S,!1));get lightTheme(){return this.#a}set lightTheme(x){this.#a=x}validInlineIndices=(Fe(this,T),new Set([1,2,3]));checkInlineIndex(){if(this.inlineIndex){let x=Number(this.inlineIndex);if(!Number.isNaN(x)&&!this.validInlineIndices.has(x))throw new RangeError("DiscordEmbedField `inlineIndex` prop must be one of: 1, 2, or 3")}}render(){this.checkInlineIndex();let x=this.parseTitle(this.fieldTitle),p=D(x,()=>n`<div class="discord-field-title">${[...x]}</div>`);return n`${p}<slot></slot>`}parseTitle(x){if(!x)return null;let p=[],O="";for(let q of x.split(`
`)){for(let B of q.split(" ")){let te=St(B)??this.embedFieldEmojisMap[B]??{};te.name?p.push(n`<discord-custom-emoji name=${te.name} url=${F(te.url)} embed-emoji></discord-custom-emoji>`):O+=`${B} `,O===" "&&p.push(n`<br />`)}p.push(O),O=""}return p.map(q=>typeof q=="string"?n`<span>${q}</span>`:q)}static{Fe(e,s)}};return W=e})()});var hi,Qe,id,yr=H(()=>{Ae();N();pe();Oe();Se();Je();Ie();hi=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Qe=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},id=(()=>{let i=[ae("discord-embed-footer")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[];var u=class extends a{static{e=this}static{let S=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g({attribute:"footer-image"})],z=[g({attribute:"footer-image-alt"})],o=[g({type:String,reflect:!0,converter:T=>jt(T),attribute:!0})],_=[oe({context:de,subscribe:!0}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],hi(this,null,l,{kind:"accessor",name:"footerImage",static:!1,private:!1,access:{has:T=>"footerImage"in T,get:T=>T.footerImage,set:(T,W)=>{T.footerImage=W}},metadata:S},r,c),hi(this,null,z,{kind:"accessor",name:"footerImageAlt",static:!1,private:!1,access:{has:T=>"footerImageAlt"in T,get:T=>T.footerImageAlt,set:(T,W)=>{T.footerImageAlt=W}},metadata:S},f,h),hi(this,null,o,{kind:"accessor",name:"timestamp",static:!1,private:!1,access:{has:T=>"timestamp"in T,get:T=>T.timestamp,set:(T,W)=>{T.timestamp=W}},metadata:S},w,b),hi(this,null,_,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:T=>"lightTheme"in T,get:T=>T.lightTheme,set:(T,W)=>{T.lightTheme=W}},metadata:S},m,d),hi(null,t={value:e},i,{kind:"class",name:e.name,metadata:S},null,s),u=e=t.value,S&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:S})}static styles=ie`
		:host {
			-webkit-box-align: center;
			align-items: center;
			display: flex;
			font-size: 12px;
			line-height: 16px;
			font-weight: 500;
			margin-top: 8px;
		}

		:host([light-theme]) {
			color: #747f8d;
		}

		:host .discord-footer-image {
			border-radius: 50%;
			flex-shrink: 0;
			height: 20px;
			margin-right: 8px;
			width: 20px;
		}

		:host .discord-footer-separator {
			color: #dcddde;
			font-weight: 500;
			display: inline-block;
			margin: 0 4px;
		}

		:host([light-theme]) .discord-footer-separator {
			color: #5c5e66;
		}
	`;#e=Qe(this,r,void 0);get footerImage(){return this.#e}set footerImage(S){this.#e=S}#t=(Qe(this,c),Qe(this,f,void 0));get footerImageAlt(){return this.#t}set footerImageAlt(S){this.#t=S}#i=(Qe(this,h),Qe(this,w,void 0));get timestamp(){return this.#i}set timestamp(S){this.#i=S}#s=(Qe(this,b),Qe(this,m,!1));get lightTheme(){return this.#s}set lightTheme(S){this.#s=S}updateTimestamp(S){S&&!Number.isNaN(new Date(S).getTime())&&(this.timestamp=jt(S))}render(){return this.updateTimestamp(this.timestamp),n`${D(this.footerImage,()=>n`<img src=${F(this.footerImage)} alt=${F(this.footerImageAlt)} class="discord-footer-image" />`)}
			<slot></slot>
			${D(this.timestamp,()=>n`<span class="discord-footer-separator">&bull;</span>`)}
			${D(this.timestamp,()=>` ${this.timestamp}`,()=>null)}`}constructor(){super(...arguments),Qe(this,d)}static{Qe(e,s)}};return u=e})()});var Ko,Jo,ld,xr=H(()=>{N();pe();Ko=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Jo=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},ld=(()=>{let i=[ae("discord-attachments")],t,s=[],e,a=J;var l=class extends a{static{e=this}static{let r=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;Ko(null,t={value:e},i,{kind:"class",name:e.name,metadata:r},null,s),l=e=t.value,r&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:r})}static styles=ie`
		:host {
			display: grid;
			grid-auto-flow: row;
			grid-row-gap: 0.25rem;
			text-indent: 0;
			min-height: 0;
			min-width: 0;
			padding-top: 0.125rem;
			padding-bottom: 0.125rem;
			position: relative;
		}

		:host > * {
			justify-self: start;
			-ms-flex-item-align: start;
			align-self: start;
		}
	`;render(){return n`<slot></slot>`}static{Jo(e,s)}};return l=e})()});var Bt,qe,ud,js=H(()=>{Ae();N();pe();xt();Oe();Ie();Bt=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},qe=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},ud=(()=>{let i=[ae("discord-link")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[];var W=class extends a{static{e=this}static{let x=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[oe({context:de,subscribe:!0}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],z=[g()],o=[g()],_=[g()],u=[g()],Bt(this,null,l,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:p=>"lightTheme"in p,get:p=>p.lightTheme,set:(p,O)=>{p.lightTheme=O}},metadata:x},r,c),Bt(this,null,z,{kind:"accessor",name:"href",static:!1,private:!1,access:{has:p=>"href"in p,get:p=>p.href,set:(p,O)=>{p.href=O}},metadata:x},f,h),Bt(this,null,o,{kind:"accessor",name:"rel",static:!1,private:!1,access:{has:p=>"rel"in p,get:p=>p.rel,set:(p,O)=>{p.rel=O}},metadata:x},w,b),Bt(this,null,_,{kind:"accessor",name:"target",static:!1,private:!1,access:{has:p=>"target"in p,get:p=>p.target,set:(p,O)=>{p.target=O}},metadata:x},m,d),Bt(this,null,u,{kind:"accessor",name:"type",static:!1,private:!1,access:{has:p=>"type"in p,get:p=>p.type,set:(p,O)=>{p.type=O}},metadata:x},S,T),Bt(null,t={value:e},i,{kind:"class",name:e.name,metadata:x},null,s),W=e=t.value,x&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:x})}static styles=ie`
		a {
			color: #00aff4;
			text-decoration: none;
		}

		a:hover {
			text-decoration: underline;
		}

		.discord-link-light-theme a {
			color: #00b0f4;
		}
	`;#e=qe(this,r,!1);get lightTheme(){return this.#e}set lightTheme(x){this.#e=x}#t=(qe(this,c),qe(this,f,void 0));get href(){return this.#t}set href(x){this.#t=x}#i=(qe(this,h),qe(this,w,void 0));get rel(){return this.#i}set rel(x){this.#i=x}#s=(qe(this,b),qe(this,m,void 0));get target(){return this.#s}set target(x){this.#s=x}#a=(qe(this,d),qe(this,S,void 0));get type(){return this.#a}set type(x){this.#a=x}render(){return n`<a
			href=${F(this.href)}
			rel=${F(this.rel)}
			target=${F(this.target)}
			type=${F(this.type)}
			class=${Ce({"discord-link-light-theme":this.lightTheme})}
			><slot></slot
		></a>`}constructor(){super(...arguments),qe(this,T)}static{qe(e,s)}};return W=e})()});function Ss(i={}){return n`<svg
		${A(i)}
		class="discord-icon-download"
		aria-hidden="true"
		role="img"
		xmlns="http://www.w3.org/2000/svg"
		width="20"
		height="20"
		fill="none"
		viewBox="0 0 24 24"
	>
		${Qo}
	</svg>`}var Qo,Mr=H(()=>{N();Q();Qo=E`
	<path
		fill="currentColor"
		d="M12 2a1 1 0 0 1 1 1v10.59l3.3-3.3a1 1 0 1 1 1.4 1.42l-5 5a1 1 0 0 1-1.4 0l-5-5a1 1 0 1 1 1.4-1.42l3.3 3.3V3a1 1 0 0 1 1-1ZM3 20a1 1 0 1 0 0 2h18a1 1 0 1 0 0-2H3Z"
	/>
`});function Is(i={}){return n`<svg ${A(i)} aria-hidden="false" fill="none" width="72" height="96" viewBox="0 0 72 96">${Xo}</svg>`}var Xo,wr=H(()=>{N();Q();Xo=E`
	<path
	fill="#939bf9"
	d="m72 29.3v60.3c0 2.24 0 3.36-.44 4.22-.38.74-1 1.36-1.74 1.74-.86.44-1.98.44-4.22.44h-59.2c-2.24 0-3.36 0-4.22-.44-.74-.38-1.36-1-1.74-1.74-.44-.86-.44-1.98-.44-4.22v-83.2c0-2.24 0-3.36.44-4.22.38-.74 1-1.36 1.74-1.74.86-.44 1.98-.44 4.22-.44h36.3c1.96 0 2.94 0 3.86.22.5.12.98.28 1.44.5v16.88c0 2.24 0 3.36.44 4.22.38.74 1 1.36 1.74 1.74.86.44 1.98.44 4.22.44h16.88c.22.46.38.94.5 1.44.22.92.22 1.9.22 3.86z" fill="#d3d6fd"/><path d="m68.26 20.26c1.38 1.38 2.06 2.06 2.56 2.88.18.28.32.56.46.86h-16.88c-2.24 0-3.36 0-4.22-.44-.74-.38-1.36-1-1.74-1.74-.44-.86-.44-1.98-.44-4.22v-16.880029c.3.14.58.28.86.459999.82.5 1.5 1.18 2.88 2.56z" />
`});var Xe,_e,Id,Hr=H(()=>{Ae();N();pe();xt();Oe();Se();js();Ie();Mr();wr();Xe=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},_e=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},Id=(()=>{let i=[ae("discord-file-attachment")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[],O,q=[],B=[],te,fe=[],ve=[];var ge=class extends a{static{e=this}static{let K=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g()],z=[g({type:Number})],o=[g({attribute:"bytes-unit"})],_=[g()],u=[g()],W=[g()],O=[g()],te=[oe({context:de,subscribe:!0}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],Xe(this,null,l,{kind:"accessor",name:"name",static:!1,private:!1,access:{has:U=>"name"in U,get:U=>U.name,set:(U,re)=>{U.name=re}},metadata:K},r,c),Xe(this,null,z,{kind:"accessor",name:"bytes",static:!1,private:!1,access:{has:U=>"bytes"in U,get:U=>U.bytes,set:(U,re)=>{U.bytes=re}},metadata:K},f,h),Xe(this,null,o,{kind:"accessor",name:"bytesUnit",static:!1,private:!1,access:{has:U=>"bytesUnit"in U,get:U=>U.bytesUnit,set:(U,re)=>{U.bytesUnit=re}},metadata:K},w,b),Xe(this,null,_,{kind:"accessor",name:"href",static:!1,private:!1,access:{has:U=>"href"in U,get:U=>U.href,set:(U,re)=>{U.href=re}},metadata:K},m,d),Xe(this,null,u,{kind:"accessor",name:"rel",static:!1,private:!1,access:{has:U=>"rel"in U,get:U=>U.rel,set:(U,re)=>{U.rel=re}},metadata:K},S,T),Xe(this,null,W,{kind:"accessor",name:"target",static:!1,private:!1,access:{has:U=>"target"in U,get:U=>U.target,set:(U,re)=>{U.target=re}},metadata:K},x,p),Xe(this,null,O,{kind:"accessor",name:"type",static:!1,private:!1,access:{has:U=>"type"in U,get:U=>U.type,set:(U,re)=>{U.type=re}},metadata:K},q,B),Xe(this,null,te,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:U=>"lightTheme"in U,get:U=>U.lightTheme,set:(U,re)=>{U.lightTheme=re}},metadata:K},fe,ve),Xe(null,t={value:e},i,{kind:"class",name:e.name,metadata:K},null,s),ge=e=t.value,K&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:K})}static styles=ie`
		:host {
			display: grid;
			height: -moz-fit-content;
			height: fit-content;
			grid-auto-flow: row;
			grid-row-gap: 0.25rem;
			grid-template-columns: repeat(auto-fill, minmax(100%, 1fr));
			text-indent: 0;
			min-height: 0;
			min-width: 0;
			padding-top: 0.125rem;
			padding-bottom: 0.125rem;
			position: relative;
		}

		:host > * {
			justify-self: start;
			align-self: start;
		}

		.discord-file-attachment-non-visual-media-item-container:hover .discord-button-download-attachment {
			display: block !important;
		}

		.discord-button-download-attachment {
			display: none;
			position: absolute;
			top: -8px;
			right: -8px;
			border-radius: 5px;
			outline: color-mix(in oklab, hsl(220 calc(1 * 6.5%) 18% / 1) 100%, black 0%);
			background-color: color-mix(in oklab, hsl(223 calc(1 * 6.7%) 20.6% / 1) 100%, black 0%);
		}

		.discord-link-download-attachment {
			color: color-mix(in oklab, hsl(215 calc(1 * 8.8%) 73.3% / 1) 100%, black 0%);
			display: flex;
		}

		.discord-icon-download {
			padding: 6px;
		}

		.discord-file-attachment-non-visual-media-item-container {
			margin-top: 8px;
			max-width: 100%;
			display: flex;
			flex-direction: column;
			position: relative;
		}

		.discord-file-attachment-non-visual-media-item {
			width: -moz-fit-content;
			width: fit-content;
			max-width: 100%;
		}

		.discord-file-attachment-mosaic-item-media {
			position: relative;
			max-height: inherit;
			border-radius: 2px;
			width: 100%;
			align-items: center;
			display: flex;
			flex-flow: row nowrap;
			max-width: 100%;
			height: 100%;
		}

		.discord-file-attachment-mosaic-style {
			padding: 16px;
			border-radius: 8px;
			width: 432px;
			max-width: 100%;
			flex: auto;
			border-color: #202020;
			background-color: #282828;

			align-items: center;
			flex-direction: row;
			display: flex;
			box-sizing: border-box;
			letter-spacing: 0;
			border: 1px solid transparent;
		}

		.discord-file-attachment-light-theme.discord-file-attachment-mosaic-style {
			border-color: #f3f3f3;
			background-color: #f9f9f9;
		}

		.discord-file-attachment-icon {
			width: 30px;
			height: 40px;
			margin-right: 8px;
			flex-shrink: 0;
		}

		.discord-file-attachment-inner {
			flex: 1;
			white-space: nowrap;
			text-overflow: ellipsis;
			overflow: hidden;
		}

		.discord-file-attachment-filename-link-wrapper {
			color: #00aff4;
			white-space: nowrap;
			text-overflow: ellipsis;
			overflow: hidden;
		}

		.discord-file-attachment-metadata {
			line-height: 16px;
			font-size: 12px;
			font-weight: 400;
			color: hsl(223 calc(1 * 5.8%) 52.9% / 1);
			margin-right: 8px;
		}
	`;#e=_e(this,r,void 0);get name(){return this.#e}set name(K){this.#e=K}#t=(_e(this,c),_e(this,f,void 0));get bytes(){return this.#t}set bytes(K){this.#t=K}#i=(_e(this,h),_e(this,w,void 0));get bytesUnit(){return this.#i}set bytesUnit(K){this.#i=K}#s=(_e(this,b),_e(this,m,void 0));get href(){return this.#s}set href(K){this.#s=K}#a=(_e(this,d),_e(this,S,void 0));get rel(){return this.#a}set rel(K){this.#a=K}#r=(_e(this,T),_e(this,x,void 0));get target(){return this.#r}set target(K){this.#r=K}#o=(_e(this,p),_e(this,q,void 0));get type(){return this.#o}set type(K){this.#o=K}#l=(_e(this,B),_e(this,fe,!1));get lightTheme(){return this.#l}set lightTheme(K){this.#l=K}render(){return n`<div class="discord-file-attachment-non-visual-media-item-container">
			<div class="discord-file-attachment-non-visual-media-item">
				<div class="discord-file-attachment-mosaic-item-media">
					<div class=${Ce({"discord-file-attachment-mosaic-style":!0,"discord-file-attachment-light-theme":this.lightTheme})}>
						${Is({class:"discord-file-attachment-icon",alt:"Attachment file type: unknown",title:"unknown"})}
						<div class="discord-file-attachment-inner">
							<div class="discord-file-attachment-filename-link-wrapper">
								<discord-link
									href=${F(this.href)}
									rel=${F(this.rel)}
									target=${F(this.target)}
									type=${F(this.type)}
								>
									${this.name}
								</discord-link>
							</div>
							<div class="discord-file-attachment-metadata">
								${this.bytes}${D(this.bytesUnit,()=>n` ${this.bytesUnit}`,()=>null)}
							</div>
						</div>
					</div>
				</div>
			</div>
			<div class="discord-button-download-attachment">
				<a
					class="discord-link-download-attachment"
					aria-label="Download"
					href="${F(this.href)}"
					rel="noreferrer noopener"
					target="_blank"
					role="button"
					tabindex="0"
				>
					${Ss()}
				</a>
			</div>
		</div>`}constructor(){super(...arguments),_e(this,ve)}static{_e(e,s)}};return ge=e})()});var Yo,el,Pd,$r=H(()=>{N();pe();Yo=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},el=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},Pd=(()=>{let i=[ae("discord-action-row")],t,s=[],e,a=J;var l=class extends a{static{e=this}static{let r=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;Yo(null,t={value:e},i,{kind:"class",name:e.name,metadata:r},null,s),l=e=t.value,r&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:r})}static styles=ie`
		:host {
			display: flex;
			flex-wrap: wrap;
		}
	`;render(){return n`<slot></slot>`}static{el(e,s)}};return l=e})()});function Ds(i={}){return n`<svg ${A(i)} class="discord-button-launch" aria-hidden="false" width="16" height="16" viewBox="0 0 24 24">
		${tl}
	</svg>`}var tl,kr=H(()=>{N();Q();tl=E`
	<path
		fill="currentColor"
		d="M10 5V3H5.375C4.06519 3 3 4.06519 3 5.375V18.625C3 19.936 4.06519 21 5.375 21H18.625C19.936 21 21 19.936 21 18.625V14H19V19H5V5H10Z"
	/>
	<path fill="currentColor" d="M21 2.99902H14V4.99902H17.586L9.29297 13.292L10.707 14.706L19 6.41302V9.99902H21V2.99902Z"
	/>
`});var Ht,je,Xd,Cr=H(()=>{N();pe();xt();Se();Je();kr();Ht=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},je=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},Xd=(()=>{let i=[ae("discord-button")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[],u,S=[],T=[],W,x=[],p=[];var O=class extends a{static{e=this}static{let q=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g({reflect:!0,attribute:"emoji"})],z=[g({reflect:!0,attribute:"emoji-name"})],o=[g({reflect:!0,attribute:"url"})],_=[g({type:Boolean,reflect:!0,attribute:"disabled"})],u=[g({reflect:!0,attribute:"type"})],W=[g({reflect:!0,attribute:"modal-id"})],Ht(this,null,l,{kind:"accessor",name:"emoji",static:!1,private:!1,access:{has:B=>"emoji"in B,get:B=>B.emoji,set:(B,te)=>{B.emoji=te}},metadata:q},r,c),Ht(this,null,z,{kind:"accessor",name:"emojiName",static:!1,private:!1,access:{has:B=>"emojiName"in B,get:B=>B.emojiName,set:(B,te)=>{B.emojiName=te}},metadata:q},f,h),Ht(this,null,o,{kind:"accessor",name:"url",static:!1,private:!1,access:{has:B=>"url"in B,get:B=>B.url,set:(B,te)=>{B.url=te}},metadata:q},w,b),Ht(this,null,_,{kind:"accessor",name:"disabled",static:!1,private:!1,access:{has:B=>"disabled"in B,get:B=>B.disabled,set:(B,te)=>{B.disabled=te}},metadata:q},m,d),Ht(this,null,u,{kind:"accessor",name:"type",static:!1,private:!1,access:{has:B=>"type"in B,get:B=>B.type,set:(B,te)=>{B.type=te}},metadata:q},S,T),Ht(this,null,W,{kind:"accessor",name:"modalId",static:!1,private:!1,access:{has:B=>"modalId"in B,get:B=>B.modalId,set:(B,te)=>{B.modalId=te}},metadata:q},x,p),Ht(null,t={value:e},i,{kind:"class",name:e.name,metadata:q},null,s),O=e=t.value,q&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:q})}static styles=ie`
		:host > *:first-child {
			display: flex;
			justify-content: center;
			align-items: center;
			cursor: pointer;
			margin: 4px 8px 4px 0;
			padding: 2px 16px;
			width: auto;
			height: 32px;
			min-width: 60px;
			min-height: 32px;
			-webkit-transition:
				background-color 0.17s ease,
				color 0.17s ease;
			transition:
				background-color 0.17s ease,
				color 0.17s ease;
			border-radius: 3px;
			font-size: 14px;
			font-weight: 500;
			line-height: 16px;
			text-decoration: none !important;
			/* CSS Reset to unset button styling */
			border-width: unset;
			border-style: unset;
			border-color: unset;
			border-image: unset;
			box-sizing: unset;
			font-family: 'gg sans', 'Noto Sans', Whitney, 'Helvetica Neue', Helvetica, Roboto, Arial, sans-serif;
		}

		.success {
			color: #fff;
			background-color: #3ba55d;
		}

		.success.hoverable:hover {
			background-color: #2d7d46;
		}

		.destructive {
			color: #fff;
			background-color: #ed4245;
		}

		.destructive.hoverable:hover {
			background-color: #c03537;
		}

		.primary {
			color: #fff;
			background-color: #5865f2;
		}

		.primary.hoverable:hover {
			background-color: #4752c4;
		}

		.secondary {
			color: #fff;
			background-color: #4f545c;
		}

		.secondary.hoverable:hover {
			background-color: #5d6269;
		}

		.disabled {
			cursor: not-allowed !important;
			opacity: 0.5;
		}

		.launch {
			margin-left: 8px;
		}

		.emoji {
			margin-right: 4px;
			object-fit: contain;
			width: 1.375em;
			height: 1.375em;
			vertical-align: bottom;
		}
	`;#e=je(this,r,void 0);get emoji(){return this.#e}set emoji(q){this.#e=q}#t=(je(this,c),je(this,f,"emoji"));get emojiName(){return this.#t}set emojiName(q){this.#t=q}#i=(je(this,h),je(this,w,void 0));get url(){return this.#i}set url(q){this.#i=q}#s=(je(this,b),je(this,m,!1));get disabled(){return this.#s}set disabled(q){this.#s=q}#a=(je(this,d),je(this,S,"secondary"));get type(){return this.#a}set type(q){this.#a=q}#r=(je(this,T),je(this,x,void 0));get modalId(){return this.#r}set modalId(q){this.#r=q}validButtonTypes=(je(this,p),new Set(["primary","secondary","success","destructive"]));checkType(){if(this.type){if(typeof this.type!="string")throw new TypeError("DiscordButton `type` prop must be a string.");if(!this.validButtonTypes.has(this.type))throw new RangeError("DiscordButton `type` prop must be one of: 'primary', 'secondary', 'success', 'destructive'")}}checkParentElement(){if(this.parentElement?.tagName.toLowerCase()!=="discord-action-row")throw new Wi("All <discord-button> components must be direct children of <discord-action-row>.")}handleButtonClick(){if(this.modalId){let q=this.parentElement?.parentElement?.parentElement?.parentElement;if(q?.tagName?.toLowerCase()==="discord-messages"){let B=q?.querySelector("discord-modal"),te=B?.shadowRoot?.querySelector(`dialog#${this.modalId}`),fe=te?.querySelector("div.discord-modal-box");if(te instanceof HTMLDialogElement&&fe instanceof HTMLDivElement&&(te.showModal(),fe.style.display="flex",B)){let ve=globalThis.getComputedStyle(globalThis.document.body).overflow;B.originalBodyOverflow=ve,globalThis.document.body.style.overflow="hidden"}}}}render(){this.checkType(),this.checkParentElement();let q=this.url&&!this.disabled,B=n`
			${D(this.emoji,()=>n`<img src=${this.emoji} alt=${this.emojiName} draggable="true" class="emoji" />`)}
			<span>
				<slot></slot>
			</span>
			${D(this.url,()=>Ds())}
		`;return q?n`<a class="secondary" href=${this.url} target="_blank" rel="noopener noreferrer">${B}</a>`:n`<button
			class=${Ce({[this.type]:!0,disabled:this.disabled,hoverable:!this.disabled})}
			@click=${this.handleButtonClick}
		>
			${B}
		</button>`}static{je(e,s)}};return O=e})()});var Tr,Er=H(()=>{Tr=(i,t,s)=>{for(let e of t)if(e[0]===i)return(0,e[1])();return s?.()}});var Ar=H(()=>{Er()});function il(i){return i.startsWith("#")?i.slice(1):i}function sl(i){let t=i.length===3||i.length===4,s=t?`${i.slice(0,1)}${i.slice(0,1)}`:i.slice(0,2),e=t?`${i.slice(1,2)}${i.slice(1,2)}`:i.slice(2,4),a=t?`${i.slice(2,3)}${i.slice(2,3)}`:i.slice(4,6),l=(t?`${i.slice(3,4)}${i.slice(3,4)}`:i.slice(6,8))||"ff";return{r:s,g:e,b:a,a:l}}function Ji(i){return Number.parseInt(i,16)}function al({r:i,g:t,b:s,a:e}){return{r:Ji(i),g:Ji(t),b:Ji(s),a:Number((Ji(e)/255).toFixed(2))}}function rl(i){return typeof i=="number"||typeof i=="string"&&Number.isFinite(Number(i))}function ol(i,t){let{r:s,g:e,b:a,a:l}=i,r=rl(t)?t:l;return`rgba(${s}, ${e}, ${a}, ${r})`}function Qi(i,t){let s=il(i),e=sl(s),a=al(e);return ol(a,t)}var Vr=H(()=>{});function Os(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-label="Browse Channels"
		aria-hidden="false"
		role="img"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${ll}
	</svg>`}var ll,jr=H(()=>{N();Q();ll=E`
	<path
		fill-rule="evenodd"
		clip-rule="evenodd"
		fill="currentColor"
		d="M18.5 23c.88 0 1.7-.25 2.4-.69l1.4 1.4a1 1 0 0 0 1.4-1.42l-1.39-1.4A4.5 4.5 0 1 0 18.5 23Zm0-2a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"
	/>
	<path
		fill="currentColor"
		d="M3 3a1 1 0 0 0 0 2h18a1 1 0 1 0 0-2H3ZM2 8a1 1 0 0 1 1-1h18a1 1 0 1 1 0 2H3a1 1 0 0 1-1-1ZM3 11a1 1 0 1 0 0 2h11a1 1 0 1 0 0-2H3ZM2 16a1 1 0 0 1 1-1h8a1 1 0 1 1 0 2H3a1 1 0 0 1-1-1ZM3 19a1 1 0 1 0 0 2h8a1 1 0 1 0 0-2H3Z"
	/>
`});function Bs(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-label="Customise Community"
		aria-hidden="false"
		role="img"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${hl}
	</svg>`}var hl,Sr=H(()=>{N();Q();hl=E`
	<path
		fill="currentColor"
		d="M21.487 5.126L12.487 0.126C12.184 -0.042 11.818 -0.042 11.515 0.126L2.51498 5.126C2.19798 5.302 2.00098 5.636 2.00098 5.999C2.00098 6.693 2.11498 22.999 12.001 22.999C21.887 22.999 22.001 6.693 22.001 5.999C22.001 5.636 21.804 5.302 21.487 5.126ZM12.001 5.999C13.382 5.999 14.501 7.118 14.501 8.499C14.501 9.88 13.382 10.999 12.001 10.999C10.62 10.999 9.50098 9.88 9.50098 8.499C9.50098 7.118 10.62 5.999 12.001 5.999ZM8.25098 16C8.25098 13.699 9.69998 12.25 12.001 12.25C14.302 12.25 15.751 13.699 15.751 16H8.25098Z"
	/>
`});function Us(i={}){return n`<svg
		${A(i)}
		class="discord-mention-icon"
		aria-label="Server Guide"
		aria-hidden="false"
		role="img"
		width="24"
		height="24"
		viewBox="0 0 24 24"
		xmlns="http://www.w3.org/2000/svg"
	>
		${nl}
	</svg>`}var nl,Ir=H(()=>{N();Q();nl=E`
	<path
		d="M11 3a1 1 0 1 1 2 0v2h5.75c.16 0 .3.07.4.2l2.63 3.5a.5.5 0 0 1 0 .6l-2.63 3.5a.5.5 0 0 1-.4.2H13v5h2a2 2 0 0 1 2 2v1a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-1c0-1.1.9-2 2-2h2v-5H2.8a.5.5 0 0 1-.44-.72L3.9 9.22a.5.5 0 0 0 0-.44L2.36 5.72A.5.5 0 0 1 2.81 5H11V3Z"
		fill="currentColor"
	/>
`});var ni,Ye,Cm,Dr=H(()=>{Ae();N();pe();Ar();Vr();Ie();ps();us();gs();jr();Sr();_s();Ir();zs();ni=function(i,t,s,e,a,l){function r(u){if(u!==void 0&&typeof u!="function")throw new TypeError("Function expected");return u}for(var c=e.kind,z=c==="getter"?"get":c==="setter"?"set":"value",f=!t&&i?e.static?i:i.prototype:null,h=t||(f?Object.getOwnPropertyDescriptor(f,e.name):{}),o,w=!1,b=s.length-1;b>=0;b--){var _={};for(var m in e)_[m]=m==="access"?{}:e[m];for(var m in e.access)_.access[m]=e.access[m];_.addInitializer=function(u){if(w)throw new TypeError("Cannot add initializers after decoration has completed");l.push(r(u||null))};var d=(0,s[b])(c==="accessor"?{get:h.get,set:h.set}:h[z],_);if(c==="accessor"){if(d===void 0)continue;if(d===null||typeof d!="object")throw new TypeError("Object expected");(o=r(d.get))&&(h.get=o),(o=r(d.set))&&(h.set=o),(o=r(d.init))&&a.unshift(o)}else(o=r(d))&&(c==="field"?a.unshift(o):h[z]=o)}f&&Object.defineProperty(f,e.name,h),w=!0},Ye=function(i,t,s){for(var e=arguments.length>2,a=0;a<t.length;a++)s=e?t[a].call(i,s):t[a].call(i);return e?s:void 0},Cm=(()=>{let i=[ae("discord-mention")],t,s=[],e,a=J,l,r=[],c=[],z,f=[],h=[],o,w=[],b=[],_,m=[],d=[];var u=class extends a{static{e=this}static{let S=typeof Symbol=="function"&&Symbol.metadata?Object.create(a[Symbol.metadata]??null):void 0;l=[g({type:Boolean,reflect:!0})],z=[g({reflect:!0})],o=[g({reflect:!0})],_=[oe({context:de,subscribe:!0}),g({type:Boolean,reflect:!0,attribute:"light-theme"})],ni(this,null,l,{kind:"accessor",name:"highlight",static:!1,private:!1,access:{has:T=>"highlight"in T,get:T=>T.highlight,set:(T,W)=>{T.highlight=W}},metadata:S},r,c),ni(this,null,z,{kind:"accessor",name:"type",static:!1,private:!1,access:{has:T=>"type"in T,get:T=>T.type,set:(T,W)=>{T.type=W}},metadata:S},f,h),ni(this,null,o,{kind:"accessor",name:"color",static:!1,private:!1,access:{has:T=>"color"in T,get:T=>T.color,set:(T,W)=>{T.color=W}},metadata:S},w,b),ni(this,null,_,{kind:"accessor",name:"lightTheme",static:!1,private:!1,access:{has:T=>"lightTheme"in T,get:T=>T.lightTheme,set:(T,W)=>{T.lightTheme=W}},metadata:S},m,d),ni(null,t={value:e},i,{kind:"class",name:e.name,metadata:S},null,s),u=e=t.value,S&&Object.defineProperty(e,Symbol.metadata,{enumerable:!0,configurable:!0,writable:!0,value:S})}static styles=ie`
		:host {
			color: #e3e7f8;
			background-color: hsla(235, 85.6%, 64.7%, 0.3);
			font-weight: 500;
			padding: 0 2px;
			border-radius: 3px;
			unicode-bidi: -moz-plaintext;
			unicode-bidi: plaintext;
			-webkit-transition:
				background-color 50ms ease-out,
				color 50ms ease-out;
			transition:
				background-color 50ms ease-out,
				color 50ms ease-out;
			cursor: pointer;
		}

		:host([type='role']) {
			background-color: rgba(#e3e7f8, 0.1);
		}

		:host([type='channel']) {
			position: relative;
		}

		:host([type='voice']),
		:host([type='locked']),
		:host([type='thread']),
		:host([type='forum']) {
			position: relative;
		}

		:host(:hover) {
			color: #fff;
			background-color: hsl(235, 85.6%, 64.7%);
		}

		:host([highlight][type='user']:hover) {
			text-decoration: underline;
			text-underline-offset: 1px;
		}

		:host([light-theme]) {
			color: #5865f2;
			background-color: hsla(235, 85.6%, 64.7%, 0.15);
		}

		:host([light-theme]:hover) {
			color: #ffffff;
			background-color: hsl(235, 85.6%, 64.7%);
		}

		.discord-mention-icon {
			width: 1rem;
			height: 1rem;
			margin-right: 4px;
			vertical-align: middle;
			margin-bottom: 0.2rem;
		}

		.no-wrap {
			white-space: nowrap;
		}
	`;#e=Ye(this,r,!1);get highlight(){return this.#e}set highlight(S){this.#e=S}#t=(Ye(this,c),Ye(this,f,"user"));get type(){return this.#t}set type(S){this.#t=S}#i=(Ye(this,h),Ye(this,w,void 0));get color(){return this.#i}set color(S){this.#i=S}setHoverColor=(Ye(this,b),()=>{this.color&&(this.style.backgroundColor=Qi(this.color,.3))});resetHoverColor=()=>{this.color&&(this.style.backgroundColor=Qi(this.color,.1))};#s=Ye(this,m,!1);get lightTheme(){return this.#s}set lightTheme(S){this.#s=S}connectedCallback(){super.connectedCallback(),this.color&&this.type==="role"&&(this.addEventListener("mouseover",this.setHoverColor),this.addEventListener("mouseout",this.resetHoverColor))}disconnectedCallback(){this.removeEventListener("mouseover",this.setHoverColor),this.removeEventListener("mouseout",this.resetHoverColor),super.disconnectedCallback()}willUpdate(){this.color&&(this.style.color=this.color,this.type==="role"&&(this.style.backgroundColor=Qi(this.color,.1)))}render(){return n`<span class="no-wrap"
				>${Tr(this.type,[["channel",()=>Yt()],["user",()=>n`@`],["role",()=>n`@`],["voice",()=>ii()],["locked",()=>ti()],["thread",()=>ei()],["forum",()=>Xt()],["server-guide",()=>Us()],["channels-and-roles",()=>Os()],["customize-community",()=>Bs()],["slash",()=>n`/`]])}</span
			><slot></slot>`}constructor(){super(...arguments),Ye(this,d)}static{Ye(e,s)}};return u=e})()});var cl=Or(()=>{nr();Ms();xs();Cs();ur();gr();_r();zr();br();yr();xr();Hr();js();$r();Cr();Dr()});cl();})();
